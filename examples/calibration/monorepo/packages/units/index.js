const GRAMS = { g: 1, kg: 1000, oz: 28.3495 }

export function toGrams (amount, unit) {
  if (!(unit in GRAMS)) throw new RangeError(`unknown unit ${unit}`)
  return amount * GRAMS[unit]
}
