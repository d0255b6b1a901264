import { featureModel, type ModelDescription, type RidgeResult, ridgeSolver } from "../../../src/index.ts";

/** f′ from values at ±h, ±2h, ±3h. */
const STENCIL = [
  [1, 3 / 4],
  [2, -3 / 20],
  [3, 1 / 60],
] as const;
const STEP = 0.03;

/** Trained networks of one to three groups, their surrogate, Gaussian rows and finite dimensions. */
export function randomNetwork(random: () => number): ModelDescription {
  const between = (low: number, high: number) => low + (high - low) * random();
  const logarithmic = (low: number, high: number) => low * (high / low) ** random();
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const K = pick([1, 1, 2, 3]);
  const common = {
    student: pick(["tanh", "relu", "sin", "tanh(x) + exp(-x^2/2)/2"]),
    target: pick(["sin", "relu", "tanh", "x + (x^2-1)/2"]),
    labelNoise: logarithmic(1e-3, 1),
    readoutValues: Array.from({ length: K }, (_, k) => (1 - 0.9 * k) * between(0.8, 1.2)),
    sampleRatio: logarithmic(0.1, 10),
    widthRatio: logarithmic(0.1, 10),
    ridge: logarithmic(1e-6, 1e3),
    ...(random() < 0.3 && { finiteDimension: Math.round(logarithmic(100, 1e4)) }),
  };
  if (random() < 0.2) {
    const rows = pick(["equal", "gaussian"] as const);
    return { ...common, model: "spikedRandomFeatures", spikeStrength: between(0, 3), alignment: between(-1, 1), rows };
  }
  const step = { learningRate: between(0.1, 3), stepSampleRatio: logarithmic(0.5, 20) };
  return { ...common, ...step, model: "trainedNetwork", theory: pick(["network", "network", "srf"] as const) };
}

/**
 * The envelope theorem: the objective is a minimum over the readout, so that d objective/dλ = (β/α) Σ Q2, which the library
 * has from the linear response of the bulk; and the objective is the training error and the penalty (theory §5).
 */
export function derivativeCase(model: ModelDescription) {
  const { sampleRatio, widthRatio, ridge } = model;
  const solver = ridgeSolver(featureModel(model));
  const at = (shift: number): RidgeResult => solver.solve({ sampleRatio, widthRatio, ridge: ridge * Math.exp(shift) });
  const result = at(0);
  const objective = (shift: number): number => {
    const there = at(shift);
    return there.status === "converged" ? there.objective : NaN;
  };
  const slope = STENCIL.reduce((sum, [k, c]) => sum + (c * (objective(k * STEP) - objective(-k * STEP))) / STEP, 0);
  if (result.status !== "converged") return { result, differences: {} };
  const penalty = (ridge * widthRatio * result.overlaps.Q2.reduce((sum, value) => sum + value, 0)) / sampleRatio;
  const differences = {
    "d objective/d log λ": Math.abs(slope - penalty) / result.objective,
    "objective in its parts": Math.abs(result.trainError + penalty - result.objective) / result.objective,
  };
  return { result, differences };
}
