import fc from "fast-check";
import type { SpikedRandomFeatures } from "../../src/model/description.ts";

const logarithmic = (low: number, high: number) =>
  fc.double({ min: Math.log(low), max: Math.log(high), noNaN: true }).map(Math.exp);
const between = (min: number, max: number) => fc.double({ min, max, noNaN: true });

/** Readouts with K values that are not zero and fractions that sum to 1. */
const readout = fc.array(fc.tuple(between(-2, 2), between(0.2, 1)), { minLength: 1, maxLength: 3 }).map((groups) => {
  const total = groups.reduce((sum, [, fraction]) => sum + fraction, 0);
  return {
    readoutValues: groups.map(([value]) => Math.round(value * 100) / 100),
    readoutFractions: groups.map(([, fraction]) => fraction / total),
  };
});

/** Problems as they occur in practice: ratios of order one, ridges from tiny to large. */
export const spikedProblems: fc.Arbitrary<SpikedRandomFeatures> = fc
  .record({
    student: fc.constantFrom("tanh", "relu", "erf", "sin", "softplus", "tanh(3*x)", "gelu"),
    target: fc.constantFrom("tanh", "sin", "sign", "relu", "x+(x^2-1)/2"),
    labelNoise: between(0, 0.5),
    sampleRatio: logarithmic(0.1, 10),
    widthRatio: logarithmic(0.1, 10),
    ridge: logarithmic(1e-6, 10),
    spikeStrength: between(0, 2.5),
    bulkVariance: between(0.5, 2),
    alignment: between(-1, 1),
    rows: fc.constantFrom<"equal" | "gaussian">("equal", "gaussian"),
    readout,
  })
  .map(({ readout: support, ...rest }) => ({ model: "spikedRandomFeatures", ...rest, ...support }));

/** Largest difference relative to the larger of the two, or absolute below one ten-millionth. */
export function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b), 1e-7);
}
