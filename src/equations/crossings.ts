import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { BranchEvent, Describer } from "./branchTypes.ts";
import { correct, type Family, type Point, setPoint, valuesAt } from "./continuation.ts";
import type { System } from "./equations.ts";
import { isSame, findSolutions } from "./solutions.ts";
import type { Attempt } from "./solve.ts";
import { solutionOf, trace, type Trace } from "./trace.ts";

/** A stable phase in a part of the window, by its free energy (of the sign that makes the lowest stable). */
interface Sheet {
  readonly from: number;
  readonly to: number;
  readonly energy: (p: number) => number;
  readonly point: (p: number) => Point | undefined;
  readonly phase?: string;
}

/** Places at which sheets are compared. */
const SAMPLES = 100;
/** Of searches for other branches, at each end of the window. */
const STARTS = 4;

/** First-order transitions: where the free energies of the two lowest phases cross. */
export function crossings(
  system: System,
  family: Family,
  traces: readonly Trace[],
  describe: Describer,
): BranchEvent[] {
  const { free } = system.description;
  if (!free || !system.free) return [];
  const sign = free.name === "freeEnergy" ? 1 : -1;
  const all = [...traces, ...otherTraces(family, traces)];
  const sheets = [...all.flatMap((item) => sheetsOf(item, family, sign)), ...phaseSheets(system, family, sign)];
  const places = Array.from({ length: SAMPLES + 1 }, (_, i) => i / SAMPLES);
  const lowest = places.map((p) => lowestAt(sheets, p));
  const events: BranchEvent[] = [];
  for (let i = 0; i < SAMPLES; i++) {
    const [a, b] = [lowest[i], lowest[i + 1]];
    if (!a || !b || a === b) continue;
    const difference = (p: number): number => a.energy(p) - b.energy(p);
    const [left, right] = [Math.max(places[i]!, b.from), Math.min(places[i + 1]!, a.to)];
    // Where a phase ends or begins, another takes its place without a crossing.
    if (!(left < right) || !(difference(left) <= 0 && difference(right) >= 0)) continue;
    const p = bracketedRoot(difference, left, right, 1e-13);
    const [first, second] = [a.point(p), b.point(p)];
    const own = first ?? second;
    if (!own) continue;
    const other = first && second ? valuesAt(family, second) : (a.phase ?? b.phase);
    events.push({
      kind: "crossing",
      parameters: describe.parameter(p),
      values: valuesAt(family, own),
      ...(other && { other }),
    });
  }
  return events;
}

function lowestAt(sheets: readonly Sheet[], p: number): Sheet | undefined {
  let [best, energy] = [undefined as Sheet | undefined, Infinity];
  for (const sheet of sheets) {
    if (p < sheet.from || p > sheet.to) continue;
    const own = sheet.energy(p);
    if (own < energy) [best, energy] = [sheet, own];
  }
  return best;
}

/** Parts of a branch between its folds that the plain map returns to. */
function sheetsOf({ nodes }: Trace, family: Family, sign: number): Sheet[] {
  const n = family.fixed.size;
  const parts: Point[][] = [[]];
  nodes.forEach(({ y, direction }, i) => {
    const last = nodes[i - 1];
    if (last && last.direction[n]! * direction[n]! < 0) parts.push([]);
    parts.at(-1)!.push(y);
  });
  return parts.flatMap((points) => {
    if (points.length < 2) return [];
    const middle = solutionOf(family, points[Math.floor(points.length / 2)]!);
    if (middle.status !== "converged" || !middle.stable) return [];
    const ordered = [...points].sort((a, b) => a[n]! - b[n]!);
    return [sheetThrough(ordered, family, sign)];
  });
}

function sheetThrough(points: readonly Point[], family: Family, sign: number): Sheet {
  const n = family.fixed.size;
  const known = new Map<number, Point | undefined>();
  const across = new Float64Array(n + 1);
  across[n] = 1;
  const point = (p: number): Point | undefined => {
    if (known.has(p)) return known.get(p);
    const after = Math.max(
      1,
      points.findIndex((y) => y[n]! >= p),
    );
    const [a, b] = [points[after - 1]!, points[after]!];
    const share = (p - a[n]!) / (b[n]! - a[n]!);
    const guess = a.map((value, i) => value + share * (b[i]! - value));
    guess[n] = p;
    const y = correct(family, guess, across);
    known.set(p, y);
    return y;
  };
  const energy = (p: number): number => {
    const y = point(p);
    return y ? sign * freeAt(family, y) : Infinity;
  };
  return { from: points[0]![n]!, to: points.at(-1)![n]!, energy, point };
}

function freeAt(family: Family, y: Point): number {
  const solution = solutionOf(family, y);
  return solution.status === "converged" ? (solution.freeEnergy ?? solution.freeEntropy ?? NaN) : NaN;
}

function phaseSheets(system: System, family: Family, sign: number): Sheet[] {
  return Object.keys(system.description.phases).map((phase, k) => ({
    ...{ from: 0, to: 1, phase },
    energy: (p) => {
      family.fixed.inputs[family.fixed.size + family.parameter] = family.from + family.span * p;
      return sign * system.phases.values(family.fixed.inputs, "adapt")[k]!;
    },
    point: () => undefined,
  }));
}

/** Branches that do not hang together with those known, from solutions at the ends and in the middle of the window. */
function otherTraces(family: Family, traces: readonly Trace[]): Trace[] {
  const { fixed } = family;
  const n = fixed.size;
  const found: Trace[] = [];
  for (const p of [0, 1]) {
    fixed.inputs[n + family.parameter] = family.from + family.span * p;
    for (const candidate of findSolutions(fixed, STARTS)) {
      if (!candidate.w.every(Number.isFinite)) continue;
      const y = Float64Array.from([...candidate.w, p]);
      if ([...traces, ...found].some((item) => passesThrough(item, family, y, candidate))) continue;
      for (const sign of [1, -1]) {
        const direction = new Float64Array(n + 1);
        direction[n] = sign;
        setPoint(family, y);
        if ((sign === 1 && p === 1) || (sign === -1 && p === 0)) continue;
        found.push(trace(family, y, direction));
      }
      fixed.inputs[n + family.parameter] = family.from + family.span * p;
    }
  }
  return found;
}

function passesThrough({ nodes }: Trace, family: Family, y: Point, candidate: Attempt): boolean {
  const n = family.fixed.size;
  const across = new Float64Array(n + 1);
  across[n] = 1;
  return nodes.some(({ y: a }, i) => {
    const b = nodes[i + 1]?.y;
    if (!b || (a[n]! - y[n]!) * (b[n]! - y[n]!) > 0 || a[n] === b[n]) return false;
    const share = (y[n]! - a[n]!) / (b[n]! - a[n]!);
    const guess = a.map((value, k) => value + share * (b[k]! - value));
    guess[n] = y[n]!;
    const reached = correct(family, guess, across);
    if (!reached) return false;
    return isSame({ w: reached, solution: solutionOf(family, reached) }, candidate);
  });
}
