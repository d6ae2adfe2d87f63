import { test } from 'node:test'
import assert from 'node:assert/strict'
import { toGrams } from './index.js'

test('ounces', () => assert.equal(toGrams(2, 'oz'), 56.699))
test('unknown units are refused', () => assert.throws(() => toGrams(1, 'cup'), RangeError))
