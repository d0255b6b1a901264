import type { Activation } from "../activation/activation.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";

/** Averages over s, y and ω of a target seen through Gaussian noise. */
export interface LikelihoodGrid {
  /** E_ω ∫dy Z g² at an overlap q. */
  information(q: number): number;
  /** E_ω (E[σ*|ω])² at an overlap q. */
  explained(q: number): number;
  /** ∫dy E[(z² − 1)P]²/E[P]. */
  recovery(): number;
  /** h2* = E σ*². */
  targetSquare(): number;
}

/** Reach of the normal law in s and ω, and of the noise about the target's values. */
const REACH = 8.5;
const NOISE_REACH = 8.5;
const PANEL_NODES = 12;
/** Panels of s on the coarsest grid. */
const PANELS = 24;
const W_STEP = 0.25;
/** Step in y in units of the noise. */
const Y_STEP = 0.6;
const NEGLIGIBLE = 1e-22;
const MOST_LABELS = 6000;

/**
 * Tabulates P(y|s) = N(y; σ*(s), Δ) on panels of s, cut where σ* breaks, and equidistant y.
 *
 * @param level each halves all steps
 */
export function likelihoodGrid(target: Activation, labelNoise: number, level: number): LikelihoodGrid {
  const { s, ds } = panelsOf(target, PANELS * 2 ** level);
  const density = s.map((x, i) => ds[i]! * gaussianDensity(x));
  const values = s.map((x) => target.value(x));
  const noise = Math.sqrt(labelNoise);
  const { y, step } = labels(values, noise, level);
  const likelihood = y.map((label) => values.map((value) => gaussianDensity((label - value) / noise) / noise));

  /** Σ_y step·A²/Z for weights of s in Z and A. */
  const informationOf = (Z: Float64Array, A: Float64Array, first: number, last: number): number => {
    let total = 0;
    let [low, high] = [Infinity, -Infinity];
    for (let i = first; i < last; i++) {
      const value = values[i]!;
      if (value < low) low = value;
      if (value > high) high = value;
    }
    // Labels that none of these s has.
    const from = Math.max(0, Math.floor((low - NOISE_REACH * noise - y[0]!) / step));
    const to = Math.min(y.length - 1, Math.ceil((high + NOISE_REACH * noise - y[0]!) / step));
    for (let k = from; k <= to; k++) {
      const row = likelihood[k]!;
      let [z, a] = [0, 0];
      for (let i = first; i < last; i++) {
        z += Z[i]! * row[i]!;
        a += A[i]! * row[i]!;
      }
      if (z > 0) total += (step * a * a) / z;
    }
    return total;
  };

  /** E_ω of a function of the weights of s given ω, and of those with the slope of their logarithm in √q ω. */
  const overOmega = (
    q: number,
    f: (Z: Float64Array, A: Float64Array, first: number, last: number) => number,
  ): number => {
    const [mean, variance] = [Math.sqrt(q), 1 - q];
    const width = Math.sqrt(variance);
    const h = Math.min(W_STEP, 0.6 * (width / Math.max(mean, width))) / 2 ** level;
    const [Z, A] = [new Float64Array(s.length), new Float64Array(s.length)];
    let [sum, total] = [0, 0];
    for (let k = -Math.ceil(REACH / h); k * h <= REACH; k++) {
      const w = k * h;
      let [first, last] = [s.length, 0];
      for (let i = 0; i < s.length; i++) {
        const distance = (s[i]! - mean * w) / width;
        Z[i] = (ds[i]! * gaussianDensity(distance)) / width;
        A[i] = (Z[i]! * distance) / width;
        if (Z[i]! > NEGLIGIBLE) [first, last] = [Math.min(first, i), i + 1];
      }
      const weight = gaussianDensity(w);
      total += weight;
      if (first < last) sum += weight * f(Z, A, first, last);
    }
    return sum / total;
  };
  return {
    information: (q) => overOmega(q, informationOf),
    explained: (q) =>
      overOmega(q, (Z, _A, first, last) => {
        let mean = 0;
        for (let i = first; i < last; i++) mean += Z[i]! * values[i]!;
        return mean * mean;
      }),
    recovery: () =>
      informationOf(
        density,
        density.map((weight, i) => weight * (s[i]! ** 2 - 1)),
        0,
        s.length,
      ),
    targetSquare: () => density.reduce((sum, weight, i) => sum + weight * values[i]! ** 2, 0),
  };
}

/** Gauss–Legendre panels over the reach of s. */
function panelsOf(target: Activation, count: number): { s: Float64Array; ds: Float64Array } {
  const inside = [...target.kinks, ...target.jumps].filter((x) => Math.abs(x) < REACH);
  const equal = Array.from({ length: count + 1 }, (_, k) => REACH * ((2 * k) / count - 1));
  const cuts = [...new Set([...equal, ...inside])].sort((a, b) => a - b);
  const rule = legendreRule(PANEL_NODES);
  const [s, ds] = [[] as number[], [] as number[]];
  for (let k = 0; k + 1 < cuts.length; k++) {
    const half = 0.5 * (cuts[k + 1]! - cuts[k]!);
    rule.nodes.forEach((node, i) => {
      s.push(cuts[k]! + half * (1 + node));
      ds.push(half * rule.weights[i]!);
    });
  }
  return { s: Float64Array.from(s), ds: Float64Array.from(ds) };
}

/** Equidistant labels over the values of the target and the noise beyond them. */
function labels(values: Float64Array, noise: number, level: number): { y: number[]; step: number } {
  let [low, high] = [Infinity, -Infinity];
  for (const value of values) [low, high] = [Math.min(low, value), Math.max(high, value)];
  const from = low - NOISE_REACH * noise;
  const length = high - low + 2 * NOISE_REACH * noise;
  const count = Math.min(MOST_LABELS, Math.ceil(length / ((Y_STEP * noise) / 2 ** level)));
  return { y: Array.from({ length: count + 1 }, (_, k) => from + (length * k) / count), step: length / count };
}
