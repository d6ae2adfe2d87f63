import { test } from 'node:test'
import assert from 'node:assert/strict'
import { build } from '../src/app.js'

test('GET / says hello', async () => {
  const response = await build().inject({ url: '/' })
  assert.equal(response.statusCode, 200)
  assert.deepEqual(response.json(), { hello: 'world' })
})
