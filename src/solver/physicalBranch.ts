import type { Complex } from "../numerics/complex.ts";
import { packedPair, packedSize } from "./bulk.ts";
import { type ComplexTraceMap, packedScale } from "./complexTraceMap.ts";

/**
 * Im z > 0; real z inside the bulk, with complex traces; real z outside, where all is real; and real z in a tail of the bulk
 * where the density is lost in rounding.
 */
export type Branch = "upper" | "bulk" | "gap" | "tail";

/** Imaginary parts below this fraction of the traces are rounding: the solution is real. */
const REAL = 1e-9;
/** V1 may be singular where groups coincide. */
const SEMIDEFINITE = 1e-8;

/**
 * Whether a solution of the fixed point is the Stieltjes transform. For Im z > 0 it is if g_k and V1 have positive imaginary
 * part; at real z, if they have, or if they are real and increase with z, so that a step up from the axis gives them one.
 *
 * @param u the solution; made real to the last bit where it is real
 * @param repeat Newton from a point, in place; false if it fails
 */
export function physicalBranch(
  map: ComplexTraceMap,
  z: Complex,
  u: Float64Array,
  repeat: (u: Float64Array) => boolean,
): Branch | undefined {
  const K = map.bulk.groups;
  if (z[1] > 0) return isPositive(u, 1, K) ? "upper" : undefined;
  const largest = imaginaryPart(u, K);
  if (largest > REAL) return isPositive(u, 1, K) ? "bulk" : undefined;
  const real = u.map((value, i) => (i % 2 === 0 ? value : 0));
  // A gap has no κ at which 1 + V vanishes.
  const solved = repeat(real) && map.evaluate(z, real) === undefined && !map.averages.crossing;
  if (solved && isPositive(map.tangent, 0, K)) {
    u.set(real);
    return "gap";
  }
  return largest > 0 && map.averages.adaptive ? "tail" : undefined;
}

/** Largest imaginary part of the packed traces, relative to their size. */
export function imaginaryPart(u: Float64Array, K: number): number {
  let largest = 0;
  for (let a = 0; a < u.length / 2; a++) {
    largest = Math.max(largest, Math.abs(u[2 * a + 1]!) / packedScale(u, K, a));
  }
  return largest;
}

/** Whether one part of the packed traces, real (0) or imaginary (1), has g_k > 0 and V1 ⪰ 0. */
function isPositive(u: Float64Array, part: 0 | 1, K: number): boolean {
  const m = packedSize(K);
  const entry = (a: number) => u[2 * a + part]!;
  for (let k = 0; k < K; k++) if (!(entry(m - K + k) > 0 && entry(packedPair(K, k, k)) > 0)) return false;
  const a = Array.from({ length: K }, (_, k) => Array.from({ length: K }, (_, l) => entry(packedPair(K, k, l))));
  for (let k = 0; k < K; k++) {
    const scale = entry(packedPair(K, k, k));
    if (!(a[k]![k]! > -SEMIDEFINITE * scale)) return false;
    if (a[k]![k]! <= SEMIDEFINITE * scale) continue;
    for (let i = k + 1; i < K; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k + 1; j < K; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return true;
}
