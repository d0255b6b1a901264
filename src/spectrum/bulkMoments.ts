import type { Table } from "../problem/table.ts";
import type { OneStepNetwork, StepData } from "../bulk/network/oneStep.ts";

/** Closed forms of ∫ x^n ρ over the bulk, n = 1, 2. */
export interface BulkMoments {
  readonly first: number;
  readonly second: number;
}

/**
 * Moments of the bulk of (1/p)ΦᵀΦ, from the expansion of theory §4 at large λ: with the variance of a feature given κ,
 * s_k = μ1_k² (1/d) tr C_k + μ2_k²,
 *
 *   first = (α/β) E Σ_k π_k s_k,
 *   second = (α/β) E (Σ_k π_k s_k)² + (α/β)² Σ_k π_k (E s_k)² + (α²/β) Σ_kl π_kπ_l (1/d) tr C_kC_l (E μ1_kμ1_l)².
 *
 * Channels are of finite rank and have no part in it. For α = ∞ of the matrix divided by α.
 *
 * @param table on nodes that resolve averages over κ
 * @param step of a trained network
 */
export function bulkMoments(
  { groups, weights }: Table,
  step: OneStepNetwork | undefined,
  sampleRatio: number,
  widthRatio: number,
): BulkMoments {
  const traces = rowTraces(groups, step);
  const average = (f: (i: number) => number) => weights.reduce((sum, w, i) => sum + w * f(i), 0);
  const variance = (k: number, i: number) => groups[k]!.mu1[i]! ** 2 * traces.first[k]! + groups[k]!.mu2Squared[i]!;
  const total = (i: number) => groups.reduce((sum, { fraction }, k) => sum + fraction * variance(k, i), 0);
  // In units of α: α/β and 1/α.
  const [ratio, inverse] = [1 / widthRatio, 1 / sampleRatio];
  let second = ratio * inverse * average((i) => total(i) ** 2);
  groups.forEach((first, k) => {
    second += first.fraction * (ratio * average((i) => variance(k, i))) ** 2;
    groups.forEach((other, l) => {
      const overlap = average((i) => first.mu1[i]! * other.mu1[i]!);
      second += ratio * first.fraction * other.fraction * traces.second[k]![l]! * overlap ** 2;
    });
  });
  const unit = sampleRatio === Infinity ? 1 : sampleRatio;
  return { first: unit * ratio * average(total), second: unit * unit * second };
}

/** (1/d) tr C_k and (1/d) tr C_kC_l. */
function rowTraces(
  groups: Table["groups"],
  step: OneStepNetwork | undefined,
): {
  first: readonly number[];
  second: readonly (readonly number[])[];
} {
  if (step) return stepTraces(step.data);
  const c = groups.map(({ bulkVariance }) => bulkVariance);
  return { first: c, second: c.map((ck) => c.map((cl) => ck * cl)) };
}

/**
 * Of C_k = (I + a_kA)² + κ_kB (theory §9): A and B are sums of independent rank-one matrices, whose mixed free cumulants are
 * E y^(n + m)/α₀^(…): with n factors in all, of powers that add up to s, E y^s/α₀^(n − 1).
 */
function stepTraces({ rule, inverseRatio: q, groups }: StepData) {
  const power = (n: number) => rule.weight.reduce((sum, w, i) => sum + w * rule.y[i]! ** n, 0);
  const [e1, e2, e3, e4] = [power(1), power(2), power(3), power(4)];
  const A2 = q * e2 + e1 * e1;
  const A3 = q * q * e3 + 3 * q * e2 * e1 + e1 ** 3;
  const A4 = q ** 3 * e4 + 4 * q * q * e3 * e1 + 2 * (q * e2) ** 2 + 6 * q * e2 * e1 * e1 + e1 ** 4;
  const [AB, B2] = [q * e3 + e1 * e2, q * e4 + e2 * e2];
  const A2B = q * q * e4 + q * e2 * e2 + 2 * q * e3 * e1 + e1 * e1 * e2;
  const first = groups.map(({ linear: a, square: k }) => 1 + 2 * a * e1 + a * a * A2 + k * e2);
  const second = groups.map(({ linear: a, square: k }) =>
    groups.map(({ linear: b, square: l }) => {
      const linear =
        1 + 2 * (a + b) * e1 + (a * a + b * b + 4 * a * b) * A2 + 2 * a * b * (a + b) * A3 + (a * b) ** 2 * A4;
      return linear + (k + l) * e2 + 2 * (a * l + b * k) * AB + (a * a * l + b * b * k) * A2B + k * l * B2;
    }),
  );
  return { first, second };
}
