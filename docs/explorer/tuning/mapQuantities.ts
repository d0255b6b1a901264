/** What a map may be of, in words. */
export const MAP_QUANTITIES = {
  testError: "Test error",
  trainError: "Training error",
  excessRisk: "Excess risk",
  classificationError: "Classification error",
  biasSquared: "Bias²",
  variance: "Variance",
  freshBoth: "Mean of infinitely many networks",
} as const;
export type MapQuantity = keyof typeof MAP_QUANTITIES;
export const MAP_QUANTITY_NAMES = Object.keys(MAP_QUANTITIES) as readonly MapQuantity[];
