import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { Activation } from "./activationType.ts";
import type { ConditionalMoments } from "./momentSums.ts";

/** The density is the smallest number at |z| = 38; its root reaches to 54. */
const [FAR, REACH] = [37, 53.5];
const PANELS = 160;
const NODES = 12;
/** Relative error by which two rules may differ, and the part that may lie beyond the reach. */
const [AGREEMENT, OUTSIDE] = [1e-12, 1e-15];
const ROOT = (2 * Math.PI) ** -0.25;

/**
 * Moments of a σ that grows almost as the inverse root of the density, like exp(x²/4.1): σ² has a finite average, far beyond
 * where the density alone is a number. Undefined for every other σ, and where no average is found.
 */
export function heavyMoments(f: Activation, shift: number, scale: number): ConditionalMoments | undefined {
  const size = (z: number) => Math.abs(f.value(shift + scale * z)) * Math.exp((-z * z) / 4);
  const body = Math.max(size(-3), size(-1), size(0), size(1), size(3));
  if (!(Math.max(size(FAR), size(-FAR)) > 1e-12 * body)) return undefined;
  const [coarse, fine] = [sums(f, shift, scale, PANELS), sums(f, shift, scale, 2 * PANELS)];
  if (!(fine.ends <= OUTSIDE * fine.square)) return undefined;
  const root = Math.sqrt(fine.square);
  const error = Math.max(
    Math.abs(fine.square - coarse.square) / fine.square,
    Math.abs(fine.mean - coarse.mean) / root,
    Math.abs(fine.first - coarse.first) / root,
    OUTSIDE,
  );
  const { mean, first, second, square, residual } = fine;
  return error <= AGREEMENT ? { mean, first, second, square, residual, error } : undefined;
}

/** Sums with the root of the density in σ, so that neither factor leaves the range of numbers. */
function sums(f: Activation, shift: number, scale: number, panels: number) {
  const { nodes, weights } = legendreRule(NODES);
  const half = REACH / panels;
  const terms: { readonly z: number; readonly weight: number; readonly density: number; readonly value: number }[] = [];
  let [mean, first, second, square, residual] = [0, 0, 0, 0, 0];
  for (let k = 0; k < panels; k++) {
    for (let i = 0; i < NODES; i++) {
      const z = -REACH + half * (2 * k + 1 + nodes[i]!);
      const density = ROOT * Math.exp((-z * z) / 4);
      const value = density * f.value(shift + scale * z);
      const weight = half * weights[i]!;
      terms.push({ z, weight, density, value });
      mean += weight * density * value;
      first += weight * density * value * z;
      second += weight * density * value * (z * z - 1);
      square += weight * value * value;
    }
  }
  for (const { z, weight, density, value } of terms) residual += weight * (value - density * (mean + first * z)) ** 2;
  return { mean, first, second, square, residual, ends: terms[0]!.value ** 2 + terms.at(-1)!.value ** 2 };
}
