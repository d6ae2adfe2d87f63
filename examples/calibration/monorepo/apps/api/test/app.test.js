import { test } from 'node:test'
import assert from 'node:assert/strict'
import { build } from '../src/app.js'

test('it lives', async () => {
  const response = await build().inject({ url: '/healthz' })
  assert.equal(response.statusCode, 200)
})
