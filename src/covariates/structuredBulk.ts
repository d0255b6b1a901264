import type {
  PriorPrecision,
  ResolventArgument,
  ResolventSolution,
  Source,
  WeightResolvent,
} from "../bulk/weightResolvent.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";

/**
 * Rows of weights on inputs that are not white: in white coordinates their bulk has the covariance C (covariates §8). The levels of C,
 * with the part of the dimensions and of the directions ṽ and ζ̂ that each holds.
 */
export interface BulkLevels {
  /** Eigenvalues of C. */
  readonly variances: Float64Array;
  /** Part of the d dimensions; they sum to 1. */
  readonly fractions: Float64Array;
  /** Part of ṽṽᵀ; they sum to 1. */
  readonly spike: Float64Array;
  /** Part of ṽζ̂ᵀ; they sum to 0. */
  readonly mixed: Float64Array;
  /** Part of ζ̂ζ̂ᵀ; they sum to 1. */
  readonly target: Float64Array;
}

/** A symmetric 2×2 matrix on (ṽ, ζ̂): its entries vv, vζ, ζζ. */
type Form = readonly [number, number, number];

/** Σ_i (part of level i) f(C_i) for the three parts. */
function form({ variances, spike, mixed, target }: BulkLevels, f: (variance: number) => number): Form {
  let [vv, vz, zz] = [0, 0, 0];
  for (let i = 0; i < variances.length; i++) {
    const value = f(variances[i]!);
    vv += spike[i]! * value;
    vz += mixed[i]! * value;
    zz += target[i]! * value;
  }
  return [vv, vz, zz];
}

/** (1/d) Σ over all dimensions. */
function trace({ variances, fractions }: BulkLevels, f: (variance: number) => number): number {
  let sum = 0;
  for (let i = 0; i < variances.length; i++) sum += fractions[i]! * f(variances[i]!);
  return sum;
}

/**
 * The bulk of theory §9 for one group and the resolvent of C: with A(t) = (1/d)tr C(1 + tC)⁻¹ and t = βgV̂1,
 *
 *   g = 1/(D + V̂1 A(t)),  V1 = gA(t),  Λ = [𝓑⁻¹ − t]/g on (θ, ψ),  𝓑 = (I − 𝓕)/t = C(1 + tC)⁻¹ on (ṽ, ζ̂).
 */
export function structuredBulk(levels: BulkLevels): WeightResolvent {
  return { solve: (at) => solve(levels, at) };
}

function solve(levels: BulkLevels, { widthRatio, ridge, conjugates }: ResolventArgument): ResolventSolution | string {
  const V1hat = conjugates[0]!;
  const D = ridge + conjugates[1]!;
  const g = traceOf(levels, widthRatio, V1hat, D);
  if (!(g > 0 && g < Infinity)) return `trace g = ${g} is not positive and finite`;
  const t = widthRatio * g * V1hat;
  const first = trace(levels, (C) => C / (1 + t * C));
  const second = trace(levels, (C) => C / (1 + t * C) ** 2);
  const square = trace(levels, (C) => (C / (1 + t * C)) ** 2);
  const slope = D + V1hat * second;
  const T2 = (g * second * second) / slope + widthRatio * g * g * square;
  const T1 = (g * second) / slope;
  const response = Float64Array.of(T2, T1, T1, g / slope);
  const inverse = inverseOf(form(levels, (C) => C / (1 + t * C)));
  if (!inverse) return "the prior covariance of the coefficients is not positive definite";
  const solved = { g, t, V1hat, inverse, widthRatio, response };
  return {
    traces: Float64Array.of(g * first, g),
    response,
    priorPrecision: (sources) => precision(levels, solved, sources),
  };
}

/** What the precision at a solution of the bulk is made of. */
interface Solved {
  readonly g: number;
  readonly t: number;
  readonly V1hat: number;
  /** (I − 𝓕)/t, inverted. */
  readonly inverse: Form;
  readonly widthRatio: number;
  readonly response: Float64Array;
}

/** Λ over (θ, ψ) and, isotropic, over every other source. */
function precision(levels: BulkLevels, solved: Solved, sources: readonly Source[]): PriorPrecision {
  const { g, t, V1hat, inverse, widthRatio, response } = solved;
  const T = sources.length;
  const theta = sources.findIndex(({ kind }) => kind === "spikeDirection");
  const psi = sources.findIndex(({ kind }) => kind === "targetDirection");
  const matrix = new Float64Array(T * T);
  const others = sources.flatMap(({ strength }, i) => (i !== theta && i !== psi && strength < Infinity ? [i] : []));
  for (const i of others) matrix[i * (T + 1)] = 1 / (g * sources[i]!.strength);
  if (theta >= 0) matrix[theta * (T + 1)] = (inverseAlone(levels, solved, theta, psi)[0] - t) / g;
  if (psi >= 0) matrix[psi * (T + 1)] = (inverseAlone(levels, solved, theta, psi)[2] - t) / g;
  if (theta >= 0 && psi >= 0) matrix[theta * T + psi] = matrix[psi * T + theta] = inverse[1] / g;
  return {
    matrix,
    slope(coefficients) {
      const x = [coefficients[theta] ?? 0, coefficients[psi] ?? 0] as const;
      const own = inverseAlone(levels, solved, theta, psi);
      // w = 𝓑⁻¹x, and d(𝓑⁻¹ − t) = (𝓑⁻¹ C²(1 + tC)⁻² 𝓑⁻¹ − 1) dt.
      const w = [own[0] * x[0] + own[1] * x[1], own[1] * x[0] + own[2] * x[1]] as const;
      const norm = x[0] * x[0] + x[1] * x[1];
      const value = w[0] * x[0] + w[1] * x[1] - t * norm;
      const squares = form(levels, (C) => (C / (1 + t * C)) ** 2);
      const slope = quadratic(squares, w) - norm;
      const rest = others.reduce((sum, i) => sum + coefficients[i]! ** 2 / sources[i]!.strength, 0);
      return Float64Array.from([0, 1], (_, a) => {
        const change = -response[2 + a]!;
        const rate = widthRatio * (V1hat * change + (a === 0 ? g : 0));
        return (slope * rate - ((value + rest) * change) / g) / g;
      });
    },
  };
}

/** 𝓑⁻¹ on the directions that have a source: of one alone it is the inverse of a number. */
function inverseAlone(levels: BulkLevels, { t, inverse }: Solved, theta: number, psi: number): Form {
  if (theta >= 0 && psi >= 0) return inverse;
  const [vv, , zz] = form(levels, (C) => C / (1 + t * C));
  return [theta >= 0 ? 1 / vv : 0, 0, psi >= 0 ? 1 / zz : 0];
}

function quadratic([vv, vz, zz]: Form, [x, y]: readonly [number, number]): number {
  return vv * x * x + 2 * vz * x * y + zz * y * y;
}

function inverseOf([vv, vz, zz]: Form): Form | undefined {
  const determinant = vv * zz - vz * vz;
  return determinant > 0 ? [zz / determinant, -vz / determinant, vv / determinant] : undefined;
}

/** The root of g(D + V̂1 A(βgV̂1)) = 1, whose left side increases with g. */
function traceOf(levels: BulkLevels, beta: number, V1hat: number, D: number): number {
  const excess = (x: number): number => {
    const g = Math.exp(x);
    const t = beta * g * V1hat;
    return g * D + trace(levels, (C) => (t * C) / (1 + t * C)) / beta - 1;
  };
  if (V1hat === 0) return 1 / D;
  // Between the traces without data and without shrinking.
  const low = -Math.log(D + V1hat * trace(levels, (C) => C));
  let high = D > 0 ? -Math.log(D) : low + 1;
  if (!(D > 0)) while (excess(high) < 0 && high < 700) high += 1;
  return Math.exp(polished(levels, beta, V1hat, D, bracketedRoot(excess, low, high)));
}

/** One Newton step in ln g, for the last digits. */
function polished(levels: BulkLevels, beta: number, V1hat: number, D: number, x: number): number {
  const g = Math.exp(x);
  const t = beta * g * V1hat;
  const total = g * D + trace(levels, (C) => (t * C) / (1 + t * C)) / beta;
  const slope = g * D + trace(levels, (C) => (t * C) / (1 + t * C) ** 2) / beta;
  return x - (total - 1) / slope;
}
