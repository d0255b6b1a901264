import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { relativeError, unknownSusceptibility } from "./freezing.ts";
import type { ScaledPoint, TraceMap } from "./traceMap.ts";

/** How well the nodes of κ and double precision resolve a solution. */
export interface Resolution {
  /**
   * Largest relative errors of the averages that make up the solution: of the test error, the training error (where it is
   * not 0), the degrees of freedom of the fit and the source of the norms.
   *
   * @param risk E[(y − f)²] given κ
   * @param amplification of errors of the linear response, near an interpolation peak
   */
  errors(
    risk: Float64Array,
    point: ScaledPoint,
    widthRatio: number,
    amplification: number,
  ): { readonly grid: number; readonly freezing: number };
  /** Largest sum of the terms of V over 1 + V: by so much their rounding is larger than that of V. */
  cancellation(point: ScaledPoint): number;
}

/** From this amplification on the linear response is checked on its own. */
const PEAK = 10;

/**
 * @param basis φ_a, of pairs of functions and of the groups
 * @param map after the evaluation at the solution
 */
export function resolution(
  statistics: ConditionalFeatureStatistics,
  basis: readonly Float64Array[],
  map: TraceMap,
): Resolution {
  const { weights, groups } = statistics;
  const N = weights.length;
  const pairs = basis.length - groups.length;
  const values = new Float64Array(N);

  /**
   * How much every κ counts for the degrees of freedom of the fit, V_linear/(1 + V) and g_k μ2_k²/(1 + V) in units of
   * β π_k: with several groups they may live where neither the error nor the sum of all functions does.
   */
  function leverage(widthRatio: number): void {
    values.fill(0);
    basis.forEach((phi, a) => {
      const share = a < pairs ? 1 : 1 / (widthRatio * groups[a - pairs]!.fraction);
      const factor = share * map.traces[a]!;
      for (let i = 0; i < N; i++) values[i]! += factor * phi[i]!;
    });
    for (let i = 0; i < N; i++) values[i]! *= map.damping[i]!;
  }

  return {
    errors(risk, point, widthRatio, amplification) {
      const scaled = map.traces.subarray(pairs).map((g) => point.susceptibility * g);
      const unknown = unknownSusceptibility(statistics, scaled, map.damping);
      let [grid, freezing] = [0, 0];
      const check = (f: Float64Array) => {
        grid = Math.max(grid, statistics.gridError(f), shareOfEnds(weights, f));
        if (unknown) freezing = Math.max(freezing, relativeError(weights, f, unknown));
      };
      check(risk);
      if (point.one > 0) {
        for (let i = 0; i < N; i++) values[i] = risk[i]! * map.square[i]!;
        check(values);
      }
      leverage(widthRatio);
      check(values);
      if (amplification > PEAK) {
        const square = values.map((value) => value * value);
        grid = Math.max(grid, amplification * statistics.gridError(square));
      }
      for (let i = 0; i < N; i++) values[i]! *= risk[i]! * map.damping[i]!;
      check(values);
      return { grid, freezing };
    },
    cancellation({ susceptibility }) {
      values.fill(0);
      basis.forEach((phi, a) => {
        const factor = Math.abs(susceptibility * map.traces[a]!);
        for (let i = 0; i < N; i++) values[i]! += factor * Math.abs(phi[i]!);
      });
      let most = 0;
      for (let i = 0; i < N; i++) most = Math.max(most, values[i]! * map.damping[i]!);
      return most;
    },
  };
}

/** What the outermost nodes contribute to an average, relatively: more lies beyond them. */
function shareOfEnds(weights: Float64Array, values: Float64Array): number {
  let total = 0;
  for (let i = 0; i < weights.length; i++) total += weights[i]! * Math.abs(values[i]!);
  const last = weights.length - 1;
  const ends = weights[0]! * Math.abs(values[0]!) + weights[last]! * Math.abs(values[last]!);
  return total > 0 ? ends / total : 0;
}
