/** Quantities of a row that a curve can show. */
export const QUANTITIES = {
  testError: "test error",
  excessRisk: "excess risk",
  trainError: "training error",
  objective: "objective per sample",
  testLoss: "test loss",
  trainLoss: "training loss",
  testClassificationError: "test classification error",
  trainClassificationError: "training classification error",
} as const;
/** Names of {@link QUANTITIES}. */
export type Quantity = keyof typeof QUANTITIES;
