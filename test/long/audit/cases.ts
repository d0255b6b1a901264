import { type AuditFunction, FUNCTIONS, IDENTITY } from "./moments.ts";
import type { ModelDescription } from "../../../src/index.ts";
import type { AuditCase } from "./literal.ts";

/** Uniform numbers in [0, 1) from a seed: mulberry32. */
export function uniform(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** The ranges of the audit: λ from 1e-14 to 1e6, α and β from 1e-3 to 1e3, r up to 50, K up to 8. */
export function randomCase(random: () => number): AuditCase {
  const between = (low: number, high: number) => low + (high - low) * random();
  const logarithmic = (low: number, high: number) => Math.exp(between(Math.log(low), Math.log(high)));
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!;
  const K = pick([1, 1, 1, 1, 2, 2, 2, 3, 3, 4, 6, 8]);
  const fractions = Array.from({ length: K }, () => between(0.2, 1));
  const total = fractions.reduce((sum, value) => sum + value, 0);
  const sampleRatio = logarithmic(1e-3, 1e3);
  return {
    student: pick<AuditFunction>([...FUNCTIONS, ...(K === 1 ? [IDENTITY] : [])]),
    target: pick<AuditFunction>([...FUNCTIONS, IDENTITY]),
    spikeStrength: pick([0, between(0, 3), between(0, 3), logarithmic(0.01, 50)]),
    alignment: pick([0, 1, -1, between(-1, 1), between(-1, 1), between(-1, 1)]),
    labelNoise: logarithmic(1e-4, 1),
    // Apart from each other: nearly equal values are a singular point of the theory.
    readoutValues: Array.from({ length: K }, (_, k) => (1 - (2 * k) / 8) * between(0.9, 1.1)),
    readoutFractions: fractions.map((value) => value / total),
    bulkVariance: Array.from({ length: K }, () => logarithmic(0.3, 3)),
    sampleRatio,
    // The interpolation peak itself now and then.
    widthRatio: random() < 0.1 ? sampleRatio : logarithmic(1e-3, 1e3),
    ridge: logarithmic(1e-14, 1e6),
  };
}

/** Powers up to 4 that a student has a Hermite coefficient for. */
const POWERS: Readonly<Record<string, readonly number[]>> = {
  relu: [1, 2, 4],
  sin: [1, 3],
  sign: [1, 3],
  abs: [2, 4],
  "x^2-1": [2],
  tanh: [1, 3],
};

/** Spikes that act linearly (Ba22), or by the powers of κ (Moniri24): theory §6. */
export function randomRate(random: () => number): { description: ModelDescription; item: AuditCase } {
  const { spikeStrength, alignment, labelNoise, bulkVariance, ...rest } = randomCase(random);
  const { target, sampleRatio, widthRatio, ridge } = rest;
  const student = FUNCTIONS[Math.floor(random() * FUNCTIONS.length)]!;
  // The Hermite coefficients above are those of c = 1.
  const small = random() < 0.5;
  const c = small ? bulkVariance[0]! : 1;
  const point = { sampleRatio, widthRatio, ridge };
  const common = { student: student.formula, target: target.formula, alignment, labelNoise, bulkVariance: c, ...point };
  const numbers = { readoutValues: [1], readoutFractions: [1], bulkVariance: [c], spikeStrength: 0 };
  const item = { ...numbers, student, target, alignment, labelNoise, ...point };
  if (small) {
    const extraStrength = spikeStrength ** 2 / widthRatio;
    return { description: { ...common, model: "smallRate", spikeStrength }, item: { ...item, extraStrength } };
  }
  const powerChannels = [1, 2, 3, 4].slice(0, 1 + Math.floor(4 * random()));
  const powers = powerChannels.filter((power) => POWERS[student.formula]!.includes(power));
  return { description: { ...common, model: "powerChannels", powerChannels }, item: { ...item, powers } };
}
