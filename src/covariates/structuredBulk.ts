import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { Bulk } from "../solver/bulk.ts";

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

/** What the stiffness at a solution of the bulk is made of. */
interface Solved {
  readonly g: number;
  readonly t: number;
  readonly V1hat: number;
  /** (I − 𝓕)/t, inverted. */
  readonly inverse: Form;
}

/**
 * The bulk of theory §9 for one group and the resolvent of C: with A(t) = (1/d)tr C(1 + tC)⁻¹ and t = βgV̂1,
 *
 *   g = 1/(D + V̂1 A(t)),  V1 = gA(t),  Λ = [𝓑⁻¹ − t]/(αg) on (θ, ψ),  𝓑 = (I − 𝓕)/t = C(1 + tC)⁻¹ on (ṽ, ζ̂).
 */
export function structuredBulk(levels: BulkLevels, channels: readonly Channel[], beta: number): Bulk {
  const response = new Float64Array(4);
  const T = channels.length + 1;
  const theta = channels.findIndex(({ kind }) => kind === "spikeDirection");
  const psi = channels.length;
  const means = channels.flatMap(({ kind, strength }, position) => {
    return kind === "mean" && strength(beta) < Infinity ? [{ position, strength: strength(beta) }] : [];
  });
  let solved: Solved | undefined;

  return {
    groups: 1,
    response,
    solve(conjugates, ridge, traces) {
      const V1hat = conjugates[0]!;
      const D = ridge + conjugates[1]!;
      const g = traceOf(levels, beta, V1hat, D);
      if (!(g > 0 && g < Infinity)) return `trace g = ${g} is not positive and finite`;
      const t = beta * g * V1hat;
      const first = trace(levels, (C) => C / (1 + t * C));
      const second = trace(levels, (C) => C / (1 + t * C) ** 2);
      const square = trace(levels, (C) => (C / (1 + t * C)) ** 2);
      const slope = D + V1hat * second;
      traces[0] = g * first;
      traces[1] = g;
      response[0] = (g * second * second) / slope + beta * g * g * square;
      response[1] = response[2] = (g * second) / slope;
      response[3] = g / slope;
      const inverse = inverseOf(form(levels, (C) => C / (1 + t * C)));
      if (!inverse) return "the prior covariance of the coefficients is not positive definite";
      solved = { g, t, V1hat, inverse };
      return undefined;
    },
    stiffness(sampleRatio) {
      const { g, t, inverse } = solved!;
      const stiffness = new Float64Array(T * T);
      const scale = 1 / (sampleRatio * g);
      for (const { position, strength } of means) stiffness[position * T + position] = scale / strength;
      stiffness[theta * T + theta] = scale * (inverse[0] - t);
      stiffness[theta * T + psi] = stiffness[psi * T + theta] = scale * inverse[1];
      stiffness[psi * T + psi] = scale * (inverse[2] - t);
      return stiffness;
    },
    stiffnessDerivative(coefficients, sampleRatio) {
      const { g, t, V1hat, inverse } = solved!;
      const x: readonly [number, number] = [coefficients[theta]!, coefficients[psi]!];
      // w = 𝓑⁻¹x, and d(𝓑⁻¹ − t) = (𝓑⁻¹ C²(1 + tC)⁻² 𝓑⁻¹ − 1) dt.
      const w: readonly [number, number] = [
        inverse[0] * x[0] + inverse[1] * x[1],
        inverse[1] * x[0] + inverse[2] * x[1],
      ];
      const norm = x[0] * x[0] + x[1] * x[1];
      const value = w[0] * x[0] + w[1] * x[1] - t * norm;
      const slope =
        quadratic(
          form(levels, (C) => (C / (1 + t * C)) ** 2),
          w,
        ) - norm;
      const mean = means.reduce((sum, { position, strength }) => sum + coefficients[position]! ** 2 / strength, 0);
      return Float64Array.from([0, 1], (_, a) => {
        const change = -response[2 + a]!;
        const rate = beta * (V1hat * change + (a === 0 ? g : 0));
        return (slope * rate - ((value + mean) * change) / g) / (sampleRatio * g);
      });
    },
  };
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
