import { requireFields, MODEL_WORDS } from "../errors.ts";
import type { Source } from "../bulk/weightResolvent.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { dot } from "../numerics/linearAlgebra.ts";
import { type Problem, strengthAt } from "../problem/problem.ts";
import { Rows } from "../problem/rows.ts";
import { tabulate } from "../problem/table.ts";
import { roundingScales } from "./readout.ts";
import { mapped } from "../numerics/mapped.ts";

/** The test error of a solution with a finite strength of the mean channels, beside that of its limit d = ∞. */
export interface FiniteSize {
  /** F, in place of ∞ (theory §6, finite-size option). */
  readonly dimension: number;
  readonly testError: number;
}

/** F at which solutions are compared with their limit d = ∞, and the change of the test error that is said. */
export const COMPARED_DIMENSION = 1e4;
const NOTABLE_CHANGE = 0.02;

/** Whether a test error at {@link COMPARED_DIMENSION} differs notably from that of the limit. */
export const isNotable = (testError: number, limit: number): boolean =>
  Math.abs(testError - limit) > NOTABLE_CHANGE * limit;

/** The sources with a finite strength of every unpenalised mean or power channel in use; undefined where there is none. */
export function atFiniteSize(sources: readonly Source[], t: Float64Array): readonly Source[] | undefined {
  const unpenalised = ({ kind, strength }: Source, i: number) =>
    (kind === "mean" || kind === "power") && strength === Infinity && t[i] !== 0;
  if (!sources.some(unpenalised)) return undefined;
  return mapped(sources, (source, i) =>
    unpenalised(source, i) ? { ...source, strength: COMPARED_DIMENSION } : source,
  );
}

/** Where functions of κ are told apart. */
const PLACES = Float64Array.from({ length: 35 }, (_, i) => (i - 17) / 2);
/** A function that differs from combinations of others by less than this part of the features' size differs by rounding. */
const INDEPENDENT = 1e-13;

/**
 * How many of the mean and power channels without a penalty are linearly independent. Where that changes along a curve the limit
 * d = ∞ may jump, as at the smallest step, which makes the first such channel (theory §6).
 *
 * @param widthRatio β, on which strengths may depend
 * @example
 * const step = { model: "trainedNetwork", student: "tanh", target: "sin", stepSampleRatio: 1 };
 * [0, 0.1].map((learningRate) => meanRank(featureModel({ ...step, learningRate }), 1)); // [0, 1]
 */
export function meanRank(model: { readonly problem: Problem }, widthRatio: number): number {
  requireFields("model", model, ["problem"], MODEL_WORDS);
  const { problem } = model;
  const table = tabulate(new Rows(problem), { nodes: PLACES, weights: PLACES.map(gaussianDensity), errorOf: () => 0 });
  const { channels, weights } = table;
  const scales = roundingScales(table);
  const left = channels.flatMap(({ kind, parts: [values], strength }, i) => {
    if ((kind !== "mean" && kind !== "power") || !values || strengthAt(strength, widthRatio) < Infinity) return [];
    const column = values.map((value, node) => Math.sqrt(weights[node]!) * value);
    return [{ column, least: (INDEPENDENT * Math.max(scales[i]!, norm(column))) ** 2 }];
  });
  let rank = 0;
  for (; left.length > 0; rank++) {
    const sizes = left.map(({ column, least }) => dot(column, column) / least);
    const largest = sizes.indexOf(Math.max(...sizes));
    if (!(sizes[largest]! > 1)) break;
    const [{ column: chosen }] = left.splice(largest, 1) as [(typeof left)[number]];
    const square = dot(chosen, chosen);
    for (const { column } of left) {
      const share = dot(chosen, column) / square;
      for (let i = 0; i < column.length; i++) column[i]! -= share * chosen[i]!;
    }
  }
  return rank;
}

const norm = (column: Float64Array): number => Math.sqrt(dot(column, column));

/** What bounds the change of a test error that the costs of mean channels make, for K = 1. */
export interface ShiftBound {
  /** By how much the costs rise, per coefficient: 1/(αFg_k) of the channels that cost nothing in the limit. */
  readonly costs: Float64Array;
  /** Column of the inverse of the normal equations' matrix; undefined if they are nearly singular. */
  readonly column: (position: number) => Float64Array | undefined;
  readonly t: Float64Array;
  /** √E X² of the functions of the coefficients. */
  readonly sizes: readonly number[];
  /** What the readout misses on average, E of the bias. */
  readonly missed: number;
  /** Traces x, their linear response R and the Hessian H of theory §4: 2×2. */
  readonly traces: Float64Array;
  readonly response: Float64Array;
  readonly hessian: Float64Array;
  /** E φ_a */
  readonly means: readonly number[];
  /** (α/β)τ and the largest V/(δ + τV)². */
  readonly scale: number;
  readonly steepest: number;
}

/**
 * A bound on |ΔE| for K = 1, where the coefficients move by Δt = −G⁻¹ D t to first order in the costs D, and less beyond it:
 *   |ΔE| ≤ A(2√missed ‖XΔt‖ + ‖XΔt‖²) + (α/β) L_g tᵀDt/g,   A = 1 + (α/β) max_a(L_a/x_a) max_κ V/(δ + τV)²,
 * with L = Rᵀ(I − RH)⁻ᵀ E φ, the response of the test error to sources of the norms (theory §4).
 */
export function shiftBound(bound: ShiftBound): number {
  const { costs, column, t, sizes, missed, traces: x, response: R, hessian: H, means, scale, steepest } = bound;
  let [moved, penalty] = [0, 0];
  for (const [position, stiffness] of costs.entries()) {
    if (stiffness === 0) continue;
    const inverse = column(position);
    if (!inverse) return Infinity;
    const size = inverse.reduce((sum, value, a) => sum + Math.abs(value) * sizes[a]!, 0);
    moved += stiffness * Math.abs(t[position]!) * size;
    penalty += stiffness * t[position]! ** 2;
  }
  const product = (i: number, j: number) => R[2 * i]! * H[j]! + R[2 * i + 1]! * H[2 + j]!;
  const [a, b, c, d] = [1 - product(0, 0), -product(1, 0), -product(0, 1), 1 - product(1, 1)];
  const determinant = a * d - b * c;
  if (!(determinant > 0)) return Infinity;
  const u0 = (d * means[0]! - b * means[1]!) / determinant;
  const u1 = (a * means[1]! - c * means[0]!) / determinant;
  const L = [Math.abs(R[0]! * u0 + R[2]! * u1), Math.abs(R[1]! * u0 + R[3]! * u1)] as const;
  const amplification = 1 + scale * Math.max(L[0] / x[0]!, L[1] / x[1]!) * steepest;
  return amplification * (2 * Math.sqrt(missed) * moved + moved * moved) + (scale * L[1] * penalty) / x[1]!;
}

/** Below this part of the notable change the bound makes an evaluation needless: with several channels it is of first order. */
const NEEDLESS = 0.5 * NOTABLE_CHANGE;

export const isNeedless = (bound: number, testError: number): boolean => bound < NEEDLESS * testError;

/**
 * What to say of a solution whose test error finite networks will not have (theory §6, finite-size option): a sentence with the
 * value at F = 10⁴ and the remedy, or none.
 *
 * @param solution of `solve`, or a row of `curve`
 * @example
 * const step = { model: "trainedNetwork", student: "sin(2*x)", target: "sin", learningRate: 1, stepSampleRatio: 0.5 };
 * const point = { sampleRatio: 0.7, widthRatio: 1, ridge: 0.001 };
 * const limit = solve({ ...step, ...point });
 * [limit.testError.toFixed(3), finiteSizeNotice(limit).length]; // ["1.038", 1]
 * const finite = solve({ ...step, ...point, finiteDimension: 600 });
 * [finite.testError.toFixed(3), finiteSizeNotice(finite).length]; // ["1.395", 0]
 */
export function finiteSizeNotice(solution: object): string[] {
  requireFields("solution", solution, [], "a solution, as solve gives it");
  const { testError, finiteSize } = solution as { readonly testError: number; readonly finiteSize?: FiniteSize };
  if (!finiteSize) return [];
  const percent = ((finiteSize.testError / testError - 1) * 100).toPrecision(2);
  return [
    `a mean channel is so weak that the limit d = ∞ (test error ${testError.toPrecision(5)}) is far from finite networks: at ` +
      `finiteDimension = ${finiteSize.dimension} it is ${finiteSize.testError.toPrecision(5)} (${percent} %); ` +
      `give finiteDimension = d for networks of input dimension d`,
  ];
}
