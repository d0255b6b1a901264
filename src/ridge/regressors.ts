import type { LinearBasis, Moving } from "../bulk/weightResolvent.ts";
import { multiply, solveInPlace } from "../numerics/linearAlgebra.ts";
import type { Table, TabulatedChannel } from "../problem/table.ts";
import type { Regressor } from "./equations.ts";
import { roundingScales } from "./readout.ts";
import { mapped } from "../numerics/mapped.ts";

/**
 * What the readout is fitted with: the channels or, where those of a direction ζ_b carry the functions μ1_k of all groups, a basis
 * b_a of these (μ1_k = Σ_a U_ka b_a), with coefficients ψ′_a = Σ_k U_ka ψ_k. Of all ψ with Uᵀψ = ψ′ the cheapest is
 * ψ_k = U_k·w/Λ_k, w = P⁻¹ψ′, P = Σ_k U_kU_kᵀ/Λ_k, at the cost ψ′ᵀP⁻¹ψ′: nothing is lost where the μ1_k are collinear.
 */
export interface Regressors {
  readonly functions: readonly Regressor[];
  /** Norms of the numbers whose rounding is in every one. */
  readonly scales: readonly number[];
  /**
   * Λ/α of the regressors from Λ of the channels.
   *
   * @returns undefined if P is singular
   */
  stiffness(precision: Float64Array, samples: number): Float64Array | undefined;
  /** Coefficients of the channels from those of the regressors. */
  channels(t: Float64Array, precision: Float64Array): Float64Array;
  /** The derivative of α·stiffness with Λ. */
  stiffnessChange(precision: Moving): Float64Array;
  /** The derivative of `channels` with t and Λ. */
  channelsChange(t: Moving, precision: Moving): Float64Array;
}

/** Every channel a regressor. */
export function channelRegressors(table: Table): Regressors {
  return {
    functions: mapped(table.channels, ({ parts }) => parts),
    scales: roundingScales(table),
    stiffness(precision, samples) {
      const stiffness = precision.slice();
      for (let i = 0; i < stiffness.length; i++) stiffness[i]! /= samples;
      return stiffness;
    },
    channels: (t) => t,
    stiffnessChange: ({ change }) => change,
    channelsChange: ({ change }) => change,
  };
}

/**
 * @param linear b_a on the nodes
 * @param basis for a bulk whose Λ is diagonal
 */
export function basisRegressors(table: Table, linear: readonly Float64Array[], basis: LinearBasis): Regressors {
  const { channels } = table;
  const T = channels.length;
  const directions = table.target.parts.slice(1).map((_, b) => channelsAlong(table, b));
  const complete = directions
    .map((found) => found.filter((c) => c !== undefined))
    .filter((c) => c.length === table.groups.length);
  const rebased = new Set(complete.flat());
  const own = channels.flatMap((_, c) => (rebased.has(c) ? [] : [c]));
  const { rank: r, expansion: U } = basis;
  const scales = roundingScales(table);
  const along = complete.flatMap((found) => {
    const part = channels[found[0]!]!.parts.findIndex((f) => f !== undefined);
    return linear.map((f): Regressor => table.target.parts.map((_, p) => (p === part ? f : undefined)));
  });
  const size = own.length + along.length;

  /** Σ_k f(k) U_kU_kᵀ of one direction, from the channels of the groups in their order. */
  function sum(found: readonly number[], f: (channel: number) => number): Float64Array {
    const P = new Float64Array(r * r);
    found.forEach((c, k) => {
      const factor = f(c * (T + 1));
      for (let a = 0; a < r; a++) for (let b = 0; b < r; b++) P[a * r + b]! += factor * U[k * r + a]! * U[k * r + b]!;
    });
    return P;
  }
  const gram = (found: readonly number[], precision: Float64Array): Float64Array =>
    sum(found, (at) => 1 / precision[at]!);
  /** dP */
  const gramChange = (found: readonly number[], { value, change }: Moving): Float64Array =>
    sum(found, (at) => -change[at]! / value[at]! ** 2);
  const coordinates = (t: Float64Array, index: number) => t.slice(own.length + index * r, own.length + (index + 1) * r);

  return {
    functions: [...own.map((c) => channels[c]!.parts), ...along],
    scales: [...own.map((c) => scales[c]!), ...along.map(() => 0)],
    stiffness(precision, samples) {
      const stiffness = new Float64Array(size * size);
      own.forEach((c, i) => (stiffness[i * size + i] = precision[c * T + c]! / samples));
      for (const [index, found] of complete.entries()) {
        const first = own.length + index * r;
        const inverse = Float64Array.from({ length: r * r }, (_, i) => (i % (r + 1) === 0 ? 1 : 0));
        if (!solveInPlace(gram(found, precision), inverse, r, r)) return undefined;
        for (let a = 0; a < r; a++) {
          for (let b = 0; b < r; b++) {
            const symmetric = 0.5 * (inverse[a * r + b]! + inverse[b * r + a]!);
            stiffness[(first + a) * size + first + b] = symmetric / samples;
          }
        }
      }
      return stiffness;
    },
    channels(t, precision) {
      const coefficients = new Float64Array(T);
      own.forEach((c, i) => (coefficients[c] = t[i]!));
      complete.forEach((found, index) => {
        const w = coordinates(t, index);
        if (!solveInPlace(gram(found, precision), w, r, 1)) w.fill(NaN);
        found.forEach((c, k) => {
          coefficients[c] = w.reduce((sum, value, a) => sum + value * U[k * r + a]!, 0) / precision[c * T + c]!;
        });
      });
      return coefficients;
    },
    stiffnessChange(precision) {
      const out = new Float64Array(size * size);
      own.forEach((c, i) => (out[i * (size + 1)] = precision.change[c * (T + 1)]!));
      complete.forEach((found, index) => {
        // dP⁻¹ = −P⁻¹ dP P⁻¹
        const half = gramChange(found, precision);
        if (!solveInPlace(gram(found, precision.value), half, r, r)) half.fill(NaN);
        const whole = half.map((_, i) => half[(i % r) * r + Math.floor(i / r)]!);
        if (!solveInPlace(gram(found, precision.value), whole, r, r)) whole.fill(NaN);
        const first = own.length + index * r;
        whole.forEach((value, i) => (out[(first + Math.floor(i / r)) * size + first + (i % r)] = -value));
      });
      return out;
    },
    channelsChange(t, precision) {
      const out = new Float64Array(T);
      own.forEach((c, i) => (out[c] = t.change[i]!));
      complete.forEach((found, index) => {
        const w = coordinates(t.value, index);
        if (!solveInPlace(gram(found, precision.value), w, r, 1)) w.fill(NaN);
        const moved = multiply(gramChange(found, precision), w, r, r, 1);
        const change = coordinates(t.change, index).map((value, a) => value - moved[a]!);
        if (!solveInPlace(gram(found, precision.value), change, r, 1)) change.fill(NaN);
        found.forEach((c, k) => {
          const at = c * (T + 1);
          const along = (v: Float64Array) => v.reduce((total, value, a) => total + value * U[k * r + a]!, 0);
          out[c] = (along(change) - (along(w) * precision.change[at]!) / precision.value[at]!) / precision.value[at]!;
        });
      });
      return out;
    },
  };
}

/** For every group the one channel whose function is μ1_k ζ_b and which is penalised. */
function channelsAlong({ channels, groups }: Table, b: number): (number | undefined)[] {
  return groups.map(({ mu1 }, k) => {
    const found = channels.flatMap((channel, c) => (channel.group === k && carries(channel, b, mu1) ? [c] : []));
    return found.length === 1 ? found[0] : undefined;
  });
}

function carries({ parts, strength }: TabulatedChannel, b: number, mu1: Float64Array): boolean {
  if (strength === Infinity || strength === 0) return false;
  return parts.every((f, p) => (p === b + 1 ? f?.every((value, i) => value === mu1[i]) : f === undefined));
}
