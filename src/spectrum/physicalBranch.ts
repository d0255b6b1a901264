import type { Complex } from "../numerics/complex.ts";
import { packedPair } from "../bulk/packed.ts";
import type { SpectralBulk } from "./spectralBulk.ts";
import { type SpectralMap, unknownScale } from "./spectralMap.ts";

/**
 * Im z > 0; real z inside the bulk, with complex traces; real z outside, where all is real; and real z in a tail of the bulk
 * where the density is lost in rounding.
 */
export type Branch = "upper" | "bulk" | "gap" | "tail";

/** Imaginary parts below this fraction of the traces are rounding: the solution is real. */
const REAL = 1e-9;
/** R may be singular where groups coincide. */
const SEMIDEFINITE = 1e-8;

/**
 * Whether a solution of the fixed point is the Stieltjes transform. For Im z > 0 it is if g_k, R and h have positive imaginary
 * parts: the map takes their domain into itself, so that it has one fixed point there (Earle & Hamilton). At real z it is if
 * they have, or if they are real and increase with z, so that a step up from the axis gives them one.
 *
 * @param u the solution; made real to the last bit where it is real
 * @param repeat Newton from a point, in place; false if it fails
 */
export function physicalBranch(
  map: SpectralMap,
  z: Complex,
  u: Float64Array,
  repeat: (u: Float64Array) => boolean,
): Branch | undefined {
  const { bulk } = map;
  if (z[1] > 0) return isPositive(u, 1, bulk) ? "upper" : undefined;
  const largest = imaginaryPart(u, bulk);
  if (largest > REAL) return isPositive(u, 1, bulk) ? "bulk" : undefined;
  const real = u.map((value, i) => (i % 2 === 0 ? value : 0));
  // A gap has no κ at which 1 + V vanishes.
  const solved = repeat(real) && map.evaluate(z, real) === undefined && !map.averages.crossing;
  if (solved && isPositive(map.tangent, 0, bulk)) {
    u.set(real);
    return "gap";
  }
  return largest > 0 && map.averages.adaptive ? "tail" : undefined;
}

/** Largest imaginary part of the traces, relative to their size. */
export function imaginaryPart(u: Float64Array, bulk: SpectralBulk): number {
  const m = (bulk.rank * (bulk.rank + 1)) / 2 + bulk.groups;
  let largest = 0;
  for (let a = 0; a < m; a++) largest = Math.max(largest, Math.abs(u[2 * a + 1]!) / unknownScale(u, bulk, a));
  return largest;
}

/** Whether one part of u, real (0) or imaginary (1), has g_k > 0, R ⪰ 0 and h ⪰ 0. */
function isPositive(u: Float64Array, part: 0 | 1, bulk: SpectralBulk): boolean {
  const { rank: r, groups: K } = bulk;
  const pairs = (r * (r + 1)) / 2;
  const entry = (a: number) => u[2 * a + part]!;
  for (let k = 0; k < K; k++) if (!(entry(pairs + k) > 0)) return false;
  for (let k = 0; k < r; k++) if (!(entry(packedPair(r, k, k)) > 0)) return false;
  const a = Array.from({ length: r }, (_, k) => Array.from({ length: r }, (_, l) => entry(packedPair(r, k, l))));
  for (let k = 0; k < r; k++) {
    const scale = entry(packedPair(r, k, k));
    if (!(a[k]![k]! > -SEMIDEFINITE * scale)) return false;
    if (a[k]![k]! <= SEMIDEFINITE * scale) continue;
    for (let i = k + 1; i < r; i++) {
      const factor = a[i]![k]! / a[k]![k]!;
      for (let j = k + 1; j < r; j++) a[i]![j]! -= factor * a[k]![j]!;
    }
  }
  return bulk.isPositive(u, part);
}
