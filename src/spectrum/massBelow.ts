import type { Complex } from "../numerics/complex.ts";
import type { SpectralMap, SpectralPoint } from "./spectralMap.ts";

/**
 * The share of the eigenvalues below x = Re z, without any integral over the density: −Im F/π of the energy
 *
 *   F = (1/p) log det((1/p)ΦᵀΦ − z) = (α/β) E log(1 + V) − tr R V̂ + Σ_k g_k λ − Σ_k π_k log g_k + w/β,  λ = −z,
 *
 * which is stationary at the fixed point, with each logarithm continued from Im z = ∞, where it is known. In a gap all
 * arguments are multiples of π.
 *
 * @param u a solution at z, at which the map was evaluated last
 */
export function massBelow(map: SpectralMap, z: Complex, u: Float64Array, point: SpectralPoint): number {
  const { bulk, conjugates: y } = map;
  const { sampleRatio, widthRatio, fractions } = point;
  const pairs = (bulk.rank * (bulk.rank + 1)) / 2;
  const imaginary = (a: number) => u[2 * a]! * y[2 * a + 1]! + u[2 * a + 1]! * y[2 * a]!;
  let sum = bulk.phase(y, u) / widthRatio;
  for (let a = 0; a < pairs; a++) sum -= imaginary(a);
  fractions.forEach((fraction, k) => {
    const [re, im] = [u[2 * (pairs + k)]!, u[2 * (pairs + k) + 1]!];
    sum -= z[0] * im + z[1] * re + fraction * Math.atan2(im, re);
  });
  // For α → ∞, (α/β) E log(1 + V/α) → E V/β = Σ u y.
  if (sampleRatio === Infinity) for (let a = 0; a < pairs + fractions.length; a++) sum += imaginary(a);
  else sum += (sampleRatio / widthRatio) * map.averages.argument(u);
  return -sum / Math.PI;
}
