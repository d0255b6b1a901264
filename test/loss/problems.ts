import fc from "fast-check";
import type { LossInput, SpikedRandomFeatures } from "../../src/model/description.ts";

const between = (min: number, max: number) =>
  fc.integer({ min: 0, max: 1_000_000 }).map((i) => min + ((max - min) * i) / 1_000_000);
const logarithmic = (min: number, max: number) => between(Math.log(min), Math.log(max)).map(Math.exp);

/** Random spiked models: α .2–8, β .3–3, λ 1e-6–10, r ≤ 3. */
export function randomModels(
  students: readonly string[],
  targets: readonly string[],
  ridges: readonly [number, number] = [1e-6, 10],
): fc.Arbitrary<SpikedRandomFeatures> {
  return fc.record({
    model: fc.constant("spikedRandomFeatures" as const),
    student: fc.constantFrom(...students),
    target: fc.constantFrom(...targets),
    spikeStrength: between(0, 3),
    bulkVariance: between(0.5, 2),
    alignment: fc.oneof(
      { weight: 4, arbitrary: between(-0.999, 0.999) },
      { weight: 1, arbitrary: fc.constantFrom(-1, 0, 1) },
    ),
    labelNoise: fc.oneof(fc.constant(0), between(0, 1)),
    sampleRatio: logarithmic(0.2, 8),
    widthRatio: logarithmic(0.3, 3),
    ridge: logarithmic(...ridges),
    rows: fc.constantFrom("equal" as const, "gaussian" as const),
  });
}

/** A readout of one to three groups for it. */
export const randomReadout = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ readoutValues: fc.array(between(-1, 1), { minLength: 2, maxLength: 3 }) }) },
);

/** A smooth margin loss and a smooth residual loss of a caller's own. */
export const SQUAREPLUS: LossInput = {
  kind: "margin",
  value: (x) => 0.5 * (Math.hypot(1 - x, 1) + 1 - x),
  derivative: (x) => 0.5 * ((x - 1) / Math.hypot(1 - x, 1) - 1),
  secondDerivative: (x) => 0.5 / Math.hypot(1 - x, 1) ** 3,
};
export const PSEUDO_HUBER: LossInput = {
  kind: "residual",
  value: (x) => Math.hypot(x, 1) - 1,
  derivative: (x) => x / Math.hypot(x, 1),
  secondDerivative: (x) => Math.hypot(x, 1) ** -3,
};
