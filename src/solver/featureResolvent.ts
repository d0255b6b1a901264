import { ConvergenceError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { type Complex, complexDivide, complexMultiply } from "../numerics/complex.ts";
import { packedPair, packedSize } from "./bulk.ts";
import { type ComplexTraceMap, complexTraceMap, packedScale } from "./complexTraceMap.ts";
import { gradedAverages } from "./gradedAverages.ts";
import { tableAverages, undamped } from "./kappaAverages.ts";
import { type KappaTable, kappaTables, realDamping } from "./kappaTables.ts";
import { type Branch, imaginaryPart, physicalBranch } from "./physicalBranch.ts";

/** The resolvent of the features at one z. */
export interface ResolventPoint {
  readonly z: Complex;
  /** (V1, g), packed and interleaved. */
  readonly traces: Float64Array;
  /** Which branch was verified: Im z > 0; real z inside the bulk; real z in a gap, where everything is real. */
  readonly branch: Branch;
  /** s(z) = Σ_k g_k */
  readonly stieltjes: Complex;
  /** ds/dz */
  readonly slope: Complex;
  /** d(V1, g)/dz */
  readonly tangent: Float64Array;
  /** Largest relative residual of the fixed point, on a grid of κ twice as fine as the one it was solved on. */
  readonly residual: number;
}

/** Solves the complex fixed point of theory §8 at any z in the closed upper half plane. */
export interface FeatureResolvent {
  /**
   * @param z Im z ≥ 0; real z is the limit from above
   * @param start a point nearby, if there is one; a bad start costs time and nothing else
   * @throws ConvergenceError if no solution on the physical branch was found
   */
  at(z: Complex, start?: ResolventPoint): ResolventPoint;
  /** The map that the last point was evaluated on last, for equations beyond the fixed point itself. */
  readonly last: ComplexTraceMap;
  /** K */
  readonly groups: number;
  /** (α/β) E Σ_k π_k (c_k μ1_k² + μ2_k²): the mean eigenvalue of the bulk. */
  readonly firstMoment: number;
  /** Whether the rows' covariances have a spectrum without upper edge, whose far tail is left out and breaks into points. */
  readonly longTail: boolean;
  /** The model on a fixed grid that is fine enough outside the bulk. */
  table(): KappaTable;
  /** 1/(1 + V) on it, at a point outside the bulk. */
  damping(point: ResolventPoint): Float64Array;
}

const MOST_STEPS = 30;
const NEWTON_TOLERANCE = 1e-11;
const ROUNDING = 2e-15;
/** A Newton step on the finer grid below this is taken instead of going over to that grid: its error is the square. */
const RESOLVED = 1e-6;
/** From this level on the grid is adapted to each z. */
const GRADED = 4;
/** What a correction on the next coarser grid must be to go back to it. */
const NEGLIGIBLE = 1e-12;
/** Relative imaginary part on the way down to the axis that is no density, or one too small to be followed. */
const LOST = 1e-9;

/**
 * Resolvent of the bulk at α, β; for α = ∞, of (1/p)ΦᵀΦ/α. For Im z > 0 the fixed point with positive imaginary parts is
 * unique (the map takes this domain into itself), so every solution is checked for them, and the branch cannot be wrong; at
 * real z the limits of such solutions are recognised by positive imaginary parts, or, where all is real, by positive derivatives.
 */
export function featureResolvent(
  statistics: ConditionalFeatureStatistics,
  sampleRatio: number,
  widthRatio: number,
): FeatureResolvent {
  const bulk = statistics.complexBulk(widthRatio);
  const K = statistics.groups.length;
  const m = packedSize(K);
  const tables = kappaTables(statistics);
  const infinite = sampleRatio === Infinity;
  const maps: ComplexTraceMap[] = [];
  const mapAt = (level: number) => {
    const averages = () => {
      if (infinite) return undamped(tableAverages(tables.table(level)));
      return level < GRADED ? tableAverages(tables.table(level)) : gradedAverages(statistics);
    };
    return (maps[level] ??= complexTraceMap(averages(), bulk, sampleRatio, widthRatio));
  };
  const size = tables.meanVariance * ((infinite ? 1 : sampleRatio) / widthRatio);
  let level = 0;
  let last = mapAt(0);

  const table = () => tables.table(tables.constant ? 0 : Math.min(Math.max(level, 2), GRADED - 1));

  /** Largest entry of a packed step, relative to its unknown. */
  function relative(step: Float64Array, u: Float64Array): number {
    let largest = 0;
    for (let a = 0; a < m; a++) {
      const length = Math.hypot(step[2 * a]!, step[2 * a + 1]!) / packedScale(u, K, a);
      largest = Math.max(largest, length);
    }
    return largest;
  }

  /** Newton from u, which becomes the solution; for Im z > 0 steps out of the upper half plane become halved plain steps. */
  function newton(map: ComplexTraceMap, z: Complex, u: Float64Array): boolean {
    const before = new Float64Array(2 * m);
    for (let step = 0; step < MOST_STEPS; step++) {
      if (map.evaluate(z, u) !== undefined) return false;
      const length = relative(map.newton, u);
      if (!Number.isFinite(length)) return false;
      const factor = length > 1 ? 1 / length : 1;
      before.set(u);
      for (let i = 0; i < 2 * m; i++) u[i]! += factor * map.newton[i]!;
      if (z[1] > 0 && !aboveAxis(u)) for (let i = 0; i < 2 * m; i++) u[i] = before[i]! + 0.5 * map.residual[i]!;
      else if (length <= NEWTON_TOLERANCE) return true;
      // Where the fixed point is nearly degenerate, at a hard edge, rounding ends the convergence earlier.
      else if (length <= RESOLVED && relative(map.residual, before) <= ROUNDING) return true;
    }
    return false;
  }

  function aboveAxis(u: Float64Array): boolean {
    for (let k = 0; k < K; k++) {
      if (!(u[2 * packedPair(K, k, k) + 1]! > 0 && u[2 * (m - K + k) + 1]! > 0)) return false;
    }
    return true;
  }

  /** Newton, then the check of the branch; the real solutions of gaps are made real to the last bit. */
  function attempt(map: ComplexTraceMap, z: Complex, start: Float64Array): [Float64Array, Branch] | undefined {
    const u = start.slice();
    if (!newton(map, z, u)) return undefined;
    const branch = physicalBranch(map, z, u, (w) => newton(map, z, w));
    return branch && [u, branch];
  }

  /** −π_k/z for g and c_k g for V1: the resolvent far from the spectrum. */
  function farAway(z: Complex): Float64Array {
    const u = new Float64Array(2 * m);
    const square = z[0] * z[0] + z[1] * z[1];
    statistics.groups.forEach(({ fraction, bulkVariance }, k) => {
      const g = [(-fraction * z[0]) / square, (fraction * z[1]) / square];
      u.set(g, 2 * (m - K + k));
      u.set([bulkVariance * g[0]!, bulkVariance * g[1]!], 2 * packedPair(K, k, k));
    });
    return u;
  }

  /** From far above down to z along a vertical line, in steps of Im z that shrink where Newton fails. */
  function descend(map: ComplexTraceMap, z: Complex): [Float64Array, Branch] | undefined {
    let height = 4 * (size + Math.hypot(...z));
    let current = attempt(map, [z[0], height], farAway([z[0], height]));
    for (let tries = 0; !current && tries < 6; tries++) {
      height *= 8;
      current = attempt(map, [z[0], height], farAway([z[0], height]));
    }
    let ratio = 0.25;
    const floor = 1e-14 * Math.max(Math.abs(z[0]), 1e-16 * size);
    while (current) {
      const next = Math.max(z[1], height * ratio);
      const target = z[1] === 0 && next < floor ? 0 : next;
      const found = attempt(map, [z[0], target], current[0]);
      if (found) {
        if (target === z[1]) return found;
        if (z[1] === 0 && map.averages.adaptive && imaginaryPart(found[0], K) <= LOST) {
          // A density lost in rounding: either nothing, or a tail that cannot be followed down to the axis.
          return attempt(map, z, found[0]) ?? [found[0], "tail"];
        }
        [current, height, ratio] = [found, target, Math.max(0.1, ratio * ratio)];
      } else {
        ratio = Math.sqrt(ratio);
        if (ratio > 0.999) return undefined;
      }
    }
    return undefined;
  }

  /** The point after a last evaluation at u, which also tells the residual and the slope. */
  function finish(map: ComplexTraceMap, z: Complex, u: Float64Array, branch: Branch): ResolventPoint {
    const evaluated = map.evaluate(z, u) === undefined;
    last = map;
    // In a tail the map itself may be lost with the density.
    const residual = evaluated ? relative(map.residual, u) : branch === "tail" ? 0 : Infinity;
    const [stieltjes, slope] = [u, map.tangent].map((vector): Complex => {
      let [re, im] = [0, 0];
      for (let a = m - K; a < m; a++) {
        re += vector[2 * a]!;
        im += vector[2 * a + 1]!;
      }
      return [re, im];
    }) as [Complex, Complex];
    return { z, traces: u, branch, stieltjes, slope, residual, tangent: map.tangent.slice() };
  }

  return {
    longTail: bulk.longTail ?? false,
    groups: K,
    firstMoment: size,
    table,
    damping: ({ traces }) => realDamping(table(), infinite ? new Float64Array(traces.length) : traces),
    get last() {
      return last;
    },
    at(z, start) {
      let guess = start && predict(start, z);
      for (; ; level++) {
        const map = mapAt(level);
        const adapted = tables.constant || level === GRADED;
        const found =
          (guess && attempt(map, z, guess)) ??
          (start && attempt(map, z, predict(start, z, Infinity))) ??
          descend(map, z);
        if (!found && adapted) {
          const detail = "no solution on the physical branch";
          throw new ConvergenceError("diverged", detail, NaN, { z, sampleRatio, widthRatio });
        }
        if (!found) {
          // With too few nodes there may be none: the samples of a tail are then isolated eigenvalues.
          level = GRADED - 1;
          continue;
        }
        const [u, branch] = found;
        if (adapted) {
          if (level > 0 && correctionOn(mapAt(level - 1), z, u) < NEGLIGIBLE) level--;
          return finish(map, z, u, branch);
        }
        const fine = mapAt(level + 1);
        const correction = correctionOn(fine, z, u);
        if (correction <= RESOLVED) {
          for (let i = 0; i < 2 * m; i++) u[i]! += fine.newton[i]!;
          if (correction < NEGLIGIBLE && level > 0) level--;
          return finish(fine, z, u, branch);
        }
        guess = u;
      }
    },
  };

  function correctionOn(map: ComplexTraceMap, z: Complex, u: Float64Array): number {
    return map.evaluate(z, u) === undefined ? relative(map.newton, u) : Infinity;
  }
}

/** A relative change that is still extrapolated. */
const FARTHEST = 0.7;

/** Continues the traces of a point to z, each as the power of z that it is there: in the tails they follow powers. */
function predict({ z, traces, tangent }: ResolventPoint, to: Complex, farthest = FARTHEST): Float64Array {
  const guess = traces.slice();
  const ratio = complexDivide(to, z);
  const logarithm: Complex = [Math.log(Math.hypot(...ratio)), Math.atan2(ratio[1], ratio[0])];
  const step = complexMultiply(z, logarithm);
  for (let i = 0; i < traces.length; i += 2) {
    const value: Complex = [traces[i]!, traces[i + 1]!];
    const [re, im] = complexMultiply(step, complexDivide([tangent[i]!, tangent[i + 1]!], value));
    if (!(Math.hypot(re, im) < farthest)) continue;
    guess.set(complexMultiply(value, [Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im)]), i);
  }
  return guess;
}
