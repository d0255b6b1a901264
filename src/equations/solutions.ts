import { haltonPoint } from "./halton.ts";
import type { FixedPointSystem } from "./fixedPointSystem.ts";
import { type Attempt, attempt, startOf, tryEnds } from "./solve.ts";

/** Starts besides that of the description. */
const STARTS = 16;
/** How far starts lie from it, in coordinates. */
const SPREAD = 4;
/** Solutions closer than this, relative to max(1, |x|), are one. */
const SAME = 1e-7;

/**
 * Every solution that Newton's method finds from many starts, each driven from those known (deflation), those at ends of ranges
 * included. No search of this kind can promise all.
 */
export function findSolutions(fixed: FixedPointSystem, starts = STARTS): Attempt[] {
  const found: Attempt[] = [];
  const own = startOf(fixed);
  const add = (candidate: Attempt): void => {
    if (candidate.solution.status !== "converged") return;
    if (!found.some((other) => isSame(other, candidate))) found.push(candidate);
  };
  add(attempt(fixed, own, { cold: true, follow: true }));
  for (const start of startsAround(fixed, own, starts)) {
    add(attempt(fixed, start, { cold: true }));
    const inside = found.map(({ w }) => w).filter((w) => w.every(Number.isFinite));
    add(attempt(fixed, start, { cold: true, known: inside }));
  }
  const { unknowns } = fixed.system.description;
  unknowns.forEach((unknown, i) => {
    for (const end of ["min", "max"] as const) {
      if (!Number.isFinite(unknown[end])) continue;
      const atEnd = tryEnds(fixed, own, new Map([[i, end]]));
      if (atEnd) add(atEnd);
    }
  });
  return found;
}

function startsAround(fixed: FixedPointSystem, own: Float64Array, count: number): Float64Array[] {
  const ranged = fixed.system.description.unknowns.map(({ min, max }) => Number.isFinite(min) || Number.isFinite(max));
  const mirrored = own.map((w, i) => (ranged[i]! ? w : -w));
  const centred = own.map((w, i) => (ranged[i]! ? w : 0));
  const spread = Array.from({ length: count }, (_, k) =>
    Float64Array.from(own, (w, i) => (ranged[i]! ? 0 : w) + SPREAD * (2 * haltonPoint(k + 1, i) - 1)),
  );
  return [mirrored, centred, ...spread];
}

export function isSame(a: Attempt, b: Attempt): boolean {
  const [first, second] = [a.solution, b.solution];
  if (first.status !== "converged" || second.status !== "converged") return false;
  return Object.entries(first.values).every(
    ([name, value]) => Math.abs(value - second.values[name]!) <= SAME * Math.max(1, Math.abs(value)),
  );
}
