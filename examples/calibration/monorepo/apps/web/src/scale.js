import { toGrams } from '@recipe-box/units'

export function scale (recipe, factor) {
  return recipe.map(({ name, amount, unit }) => ({ name, grams: toGrams(amount, unit) * factor }))
}
