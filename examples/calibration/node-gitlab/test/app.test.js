import { test } from 'node:test'
import assert from 'node:assert/strict'
import { build } from '../src/app.js'

test('a letter is queued', async () => {
  const queued = []
  const app = build({ rPush: async (_, letter) => queued.push(letter) })
  const response = await app.inject({ method: 'POST', url: '/letters', payload: { to: 'a@example.org' } })
  assert.equal(response.statusCode, 202)
  assert.equal(queued.length, 1)
})

test('a letter without an address is refused', async () => {
  const response = await build({}).inject({ method: 'POST', url: '/letters', payload: {} })
  assert.equal(response.statusCode, 422)
})
