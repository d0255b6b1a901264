import { ConvergenceError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { type Complex, complexAt, complexDivide, complexMultiply } from "../numerics/complex.ts";
import { gradedAverages } from "./gradedAverages.ts";
import { isotropicSpectralBulk } from "./isotropicSpectralBulk.ts";
import { tableAverages, undamped } from "./kappaAverages.ts";
import { type KappaTable, kappaTables, realDamping } from "./kappaTables.ts";
import { massBelow } from "./massBelow.ts";
import { type Branch, imaginaryPart, physicalBranch } from "./physicalBranch.ts";
import type { SpectralBulk } from "./spectralBulk.ts";
import { advance, type SpectralMap, spectralMap } from "./spectralMap.ts";
import { stepSpectralBulk } from "./stepSpectralBulk.ts";

/** The resolvent of the features at one z. */
export interface ResolventPoint {
  readonly z: Complex;
  /** (R, g, h), packed as in `SpectralBulk`. */
  readonly unknowns: Float64Array;
  /** (V̂1, V̂2), likewise. */
  readonly conjugates: Float64Array;
  /** Which branch was verified: Im z > 0; real z inside the bulk; real z in a gap, where everything is real. */
  readonly branch: Branch;
  /** s(z) = Σ_k g_k */
  readonly stieltjes: Complex;
  /** ds/dz */
  readonly slope: Complex;
  /** d(R, g, h)/dz */
  readonly tangent: Float64Array;
  /** Largest relative residual of the fixed point, on a grid of κ twice as fine as the one it was solved on. */
  readonly residual: number;
  /** Level of that grid. */
  readonly level: number;
}

/** Solves the complex fixed point of theory §8 at any z in the closed upper half plane. */
export interface FeatureResolvent {
  /**
   * @param z Im z ≥ 0; real z is the limit from above
   * @param starts points nearby, the best first; a bad start costs time and nothing else
   * @throws ConvergenceError if no solution on the physical branch was found
   */
  at(z: Complex, ...starts: readonly ResolventPoint[]): ResolventPoint;
  /** Share of the eigenvalues below Re z, counted by the argument of the determinant. */
  massBelow(point: ResolventPoint): number;
  /** g_k, of any part: position of the first in the unknowns. */
  readonly firstTrace: number;
  /** U, K×r, and r: μ1_k = Σ_a U_ka b_a. */
  readonly functions: { readonly rank: number; readonly expansion: Float64Array };
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
/** A Newton step like this leaves an error of its square. */
const NEWTON_TOLERANCE = 1e-8;
const ROUNDING = 2e-15;
/** A Newton step on the finer grid below this is taken instead of going over to that grid: its error is the square. */
const RESOLVED = 1e-6;
/** From this level on the grid is adapted to each z. */
const GRADED = 4;
/** What a correction on the next coarser grid must be to go back to it, which is tried for one z in so many. */
const NEGLIGIBLE = 1e-12;
const TRIALS = 8;
/** Relative difference of averages over κ on two grids that is rounding. */
const SAME = 1e-14;
/** Relative imaginary part on the way down to the axis that is no density, or one too small to be followed. */
const LOST = 1e-9;

/**
 * Resolvent of the bulk at α, β; for α = ∞, of (1/p)ΦᵀΦ/α. For Im z > 0 the fixed point with positive imaginary parts is
 * unique (the map takes this domain into itself), so every solution is checked for them, and the branch cannot be wrong; at
 * real z the limits of such solutions are recognised by positive imaginary parts, or, where all is real, by positive derivatives.
 */
export function featureResolvent(
  model: Pick<Model, "problem" | "stepModel">,
  sampleRatio: number,
  widthRatio: number,
): FeatureResolvent {
  const { problem } = model;
  const tables = kappaTables(problem);
  const { rank, expansion } = tables.mixing;
  const bulk = bulkOf(model, { rank, expansion, widthRatio });
  const pairs = (rank * (rank + 1)) / 2;
  const K = problem.groups.length;
  const unknowns = pairs + K + bulk.internal;
  const infinite = sampleRatio === Infinity;
  const fixedPoint = { sampleRatio, widthRatio, fractions: problem.groups.map(({ fraction }) => fraction) };
  const maps: SpectralMap[] = [];
  const mapAt = (level: number) => {
    const averages = () => {
      if (infinite) return undamped(tableAverages(tables.table(level)));
      return level < GRADED ? tableAverages(tables.table(level)) : gradedAverages(problem, tables.mixing);
    };
    return (maps[level] ??= spectralMap(averages(), bulk, fixedPoint));
  };
  const size = tables.meanVariance * ((infinite ? 1 : sampleRatio) / widthRatio);
  let level = 0;
  let solved = 0;

  const table = () => tables.table(tables.constant ? 0 : Math.min(Math.max(level, 2), GRADED - 1));

  /** Newton from u, which becomes the solution; for Im z > 0 steps out of the upper half plane become halved plain steps. */
  function newton(map: SpectralMap, z: Complex, u: Float64Array): boolean {
    const before = new Float64Array(u.length);
    for (let step = 0; step < MOST_STEPS; step++) {
      if (map.evaluate(z, u) !== undefined) return false;
      const length = map.length(u);
      if (!Number.isFinite(length)) return false;
      const stuck = length <= RESOLVED && map.residual(u) <= ROUNDING;
      before.set(u);
      advance(u, map.newton, length > 1 ? 1 / length : 1, bulk);
      if (z[1] > 0 && !aboveAxis(u)) for (let i = 0; i < u.length; i++) u[i] = 0.5 * (before[i]! + map.plain[i]!);
      // Where the fixed point is nearly degenerate, at a hard edge, rounding ends the convergence earlier.
      else if (length <= NEWTON_TOLERANCE || stuck) return true;
    }
    return false;
  }

  function aboveAxis(u: Float64Array): boolean {
    for (let a = pairs; a < pairs + K; a++) if (!(u[2 * a + 1]! > 0)) return false;
    for (let a = 0, at = 0; a < rank; at += rank - a, a++) if (!(u[2 * at + 1]! > 0)) return false;
    return true;
  }

  /** Newton, then the check of the branch; the real solutions of gaps are made real to the last bit. */
  function attempt(map: SpectralMap, z: Complex, start: Float64Array): [Float64Array, Branch] | undefined {
    const u = start.slice();
    if (!newton(map, z, u)) return undefined;
    // On the real axis the conjugate of a solution is one, too.
    if (z[1] === 0 && u[2 * pairs + 1]! < 0) for (let i = 1; i < u.length; i += 2) u[i] = -u[i]!;
    const branch = physicalBranch(map, z, u, (w) => newton(map, z, w));
    return branch && [u, branch];
  }

  /** −π_k/z for g, and what goes with it: the resolvent far from the spectrum. */
  function farAway(map: SpectralMap, z: Complex): Float64Array {
    const u = new Float64Array(2 * unknowns);
    problem.groups.forEach(({ fraction }, k) => u.set(complexDivide([-fraction, 0], z), 2 * (pairs + k)));
    map.start(u);
    return u;
  }

  /** From far above down to z along a vertical line, in steps of Im z that shrink where Newton fails. */
  function descend(map: SpectralMap, z: Complex): [Float64Array, Branch] | undefined {
    let height = 4 * (size + Math.hypot(...z));
    let current = attempt(map, [z[0], height], farAway(map, [z[0], height]));
    for (let tries = 0; !current && tries < 6; tries++) {
      height *= 8;
      current = attempt(map, [z[0], height], farAway(map, [z[0], height]));
    }
    let ratio = 0.25;
    const floor = 1e-14 * Math.max(Math.abs(z[0]), 1e-16 * size);
    while (current) {
      const next = Math.max(z[1], height * ratio);
      const target = z[1] === 0 && next < floor ? 0 : next;
      const found = attempt(map, [z[0], target], current[0]);
      if (found) {
        if (target === z[1]) return found;
        if (z[1] === 0 && map.averages.adaptive && imaginaryPart(found[0], bulk) <= LOST) {
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
  function finish(at: number, z: Complex, u: Float64Array, branch: Branch): ResolventPoint {
    const map = mapAt(at);
    const evaluated = map.evaluate(z, u) === undefined;
    // In a tail the map itself may be lost with the density.
    const residual = evaluated ? map.residual(u) : branch === "tail" ? 0 : Infinity;
    const [stieltjes, slope] = [u, map.tangent].map((vector): Complex => {
      let [re, im] = [0, 0];
      for (let a = pairs; a < pairs + K; a++) {
        re += vector[2 * a]!;
        im += vector[2 * a + 1]!;
      }
      return [re, im];
    }) as [Complex, Complex];
    const copies = { conjugates: map.conjugates.slice(), tangent: map.tangent.slice() };
    return { z, unknowns: u, ...copies, branch, stieltjes, slope, residual, level: at };
  }

  return {
    longTail: bulk.longTail,
    firstTrace: pairs,
    functions: { rank, expansion },
    firstMoment: size,
    table,
    damping: ({ unknowns: u }) => realDamping(table(), infinite ? new Float64Array(u.length) : u),
    massBelow(point) {
      const map = mapAt(point.level);
      const u = point.unknowns.slice();
      return map.evaluate(point.z, u) === undefined ? massBelow(map, point.z, u, fixedPoint) : NaN;
    },
    at(z, ...starts) {
      const guesses = starts.flatMap((start) => {
        return [predict(start, z, pairs + K), predict(start, z, pairs + K, Infinity)];
      });
      for (; ; level++) {
        const map = mapAt(level);
        const adapted = tables.constant || level === GRADED;
        const found = firstOf(guesses, (guess) => attempt(map, z, guess)) ?? descend(map, z);
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
        const solvedOn = level;
        if (adapted) {
          const coarser = level > 0 && ++solved % TRIALS === 0;
          if (coarser && correctionOn(mapAt(level - 1), z, u) < NEGLIGIBLE) level--;
          return finish(solvedOn, z, u, branch);
        }
        const fine = mapAt(level + 1);
        const same = agreement(map, fine, u) <= SAME;
        const correction = same ? 0 : correctionOn(fine, z, u);
        if (correction <= RESOLVED) {
          if (!same) advance(u, fine.newton, 1, bulk);
          if (correction < NEGLIGIBLE && level > 0) level--;
          return finish(same ? solvedOn : solvedOn + 1, z, u, branch);
        }
        guesses.unshift(u);
      }
    },
  };

  /** Largest relative difference of the averages on two grids. */
  function agreement(coarse: SpectralMap, fine: SpectralMap, u: Float64Array): number {
    const known = coarse.average(u)?.slice();
    const other = fine.average(u);
    if (!known || !other) return Infinity;
    let largest = 0;
    for (let a = 0; a < known.length; a += 2) {
      const size = Math.hypot(known[a]!, known[a + 1]!);
      const difference = Math.hypot(other[a]! - known[a]!, other[a + 1]! - known[a + 1]!);
      if (difference > 0) largest = Math.max(largest, difference / size);
    }
    return largest;
  }

  function correctionOn(map: SpectralMap, z: Complex, u: Float64Array): number {
    return map.evaluate(z, u) === undefined ? map.length(u) : Infinity;
  }
}

function firstOf<T, R>(items: readonly T[], attempt: (item: T) => R | undefined): R | undefined {
  for (const item of items) {
    const result = attempt(item);
    if (result !== undefined) return result;
  }
  return undefined;
}

function bulkOf(
  { problem, stepModel }: Pick<Model, "problem" | "stepModel">,
  functions: Parameters<typeof isotropicSpectralBulk>[1],
): SpectralBulk {
  const step = stepModel?.();
  return step ? stepSpectralBulk(step, functions) : isotropicSpectralBulk(problem.groups, functions);
}

/** A relative change that is still extrapolated. */
const FARTHEST = 0.7;

/** Continues the unknowns of a point to z: the traces as the power of z that they are there, which they follow in the tails. */
function predict(
  { z, unknowns, tangent }: ResolventPoint,
  to: Complex,
  traces: number,
  farthest = FARTHEST,
): Float64Array {
  const guess = unknowns.slice();
  const ratio = complexDivide(to, z);
  const logarithm: Complex = [Math.log(Math.hypot(...ratio)), Math.atan2(ratio[1], ratio[0])];
  const step = complexMultiply(z, logarithm);
  for (let a = 0; a < unknowns.length / 2; a++) {
    const value = complexAt(unknowns, a);
    const change = complexMultiply(step, complexAt(tangent, a));
    const [re, im] = complexDivide(change, value);
    if (!(Math.hypot(re, im) < farthest)) continue;
    if (a < traces)
      guess.set(complexMultiply(value, [Math.exp(re) * Math.cos(im), Math.exp(re) * Math.sin(im)]), 2 * a);
    else guess.set([value[0] + change[0], value[1] + change[1]], 2 * a);
  }
  return guess;
}
