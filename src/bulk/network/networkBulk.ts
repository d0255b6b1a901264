import { packedPair, packedSize } from "../packed.ts";
import type { ResolventArgument, ResolventSolution, WeightResolvent } from "../weightResolvent.ts";
import { NetworkSolution } from "./networkSolution.ts";
import { NetworkTraces } from "./networkTraces.ts";
import { Pencil } from "./pencil.ts";
import type { NetworkRows } from "./rowCovariance.ts";

/**
 * Bulk of the trained network: rows with the covariances C_k/d of theory §9, or those of several steps, so that
 * (trainedNetwork, "Fixed point")
 *   g_k = π_k/(λ + V̂2_k + [𝒯𝒱]_kk/(βg_k)),  𝒱_kl = β√(g_kg_l)V̂1_kl,  V1_kl = √(g_kg_l)𝒯_kl,  𝒯 = H_bb(𝒱).
 */
export function networkBulk(rows: NetworkRows): WeightResolvent {
  const pencil = new Pencil(rows.pencil);
  return { solve: (at) => solve(rows, pencil, at), rows: { kind: "correlated", groups: rows.fractions.length } };
}

function solve(rows: NetworkRows, pencil: Pencil, at: ResolventArgument): ResolventSolution | string {
  const { conjugates, ridge, widthRatio } = at;
  const K = rows.fractions.length;
  const pairs = packedSize(K) - K;
  const V1hat = new Float64Array(K * K);
  const D = new Float64Array(K);
  for (let k = 0; k < K; k++) {
    D[k] = ridge + conjugates[pairs + k]!;
    for (let l = 0; l < K; l++) V1hat[k * K + l] = conjugates[packedPair(K, k, l)]! * (k === l ? 1 : 0.5);
  }
  const equations = new NetworkTraces(rows, pencil, V1hat, D, widthRatio);
  const near = at.near instanceof NetworkSolution ? at.near : undefined;
  let point = near ? equations.newton(0, near.logs, near.blocks) : "cold";
  if (typeof point === "string") point = equations.ladder();
  if (typeof point === "string") return point;
  return NetworkSolution.at(rows, pencil, point, { V1hat, D, beta: widthRatio });
}
