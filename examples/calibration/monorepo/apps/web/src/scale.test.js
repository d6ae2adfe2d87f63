import { test } from 'node:test'
import assert from 'node:assert/strict'
import { scale } from './scale.js'

test('a recipe is doubled', () => {
  assert.deepEqual(scale([{ name: 'flour', amount: 1, unit: 'kg' }], 2), [{ name: 'flour', grams: 2000 }])
})
