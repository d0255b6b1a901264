import type { Table } from "../problem/table.ts";
import { packedPair, packedSize } from "../bulk/packed.ts";
import type { SaddleState } from "./localState.ts";
import type { LossPoint } from "./saddlePoint.ts";

/** Traces of features without data, norms that make the output of order one, and no coefficients. */
export function coldStart(grid: Table, point: LossPoint): SaddleState {
  const { groups, channels, weights } = grid;
  const K = groups.length;
  const [traces, norms] = [new Float64Array(packedSize(K)), new Float64Array(packedSize(K))];
  const last = traces.length - K;
  groups.forEach(({ fraction, bulkVariance: c, mu1, mu2Squared }, k) => {
    const kk = packedPair(K, k, k);
    let power = 0;
    for (let i = 0; i < weights.length; i++) power += weights[i]! * (c * mu1[i]! * mu1[i]! + mu2Squared[i]!);
    traces[last + k] = fraction / (point.ridge + power);
    traces[kk] = c * traces[last + k]!;
    norms[last + k] = fraction / power;
    norms[kk] = c * norms[last + k]!;
  });
  return { traces, norms, coefficients: new Float64Array(channels.length) };
}
