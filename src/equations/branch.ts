import { ParameterError } from "../errors.ts";
import type { Branch, BranchEvent, BranchOptions, Describer } from "./branchTypes.ts";
import { type Family, type Point, valuesAt } from "./continuation.ts";
import { crossings } from "./crossings.ts";
import type { SaddlePointRow } from "./curve.ts";
import { branchAtEnd } from "./endBranch.ts";
import type { System } from "./equations.ts";
import { FixedPointSystem } from "./fixedPointSystem.ts";
import { mergedParameters, parameterNames, requireParameter } from "./problem.ts";
import { attempt, checkedStart } from "./solve.ts";
import { crossingBranch, solutionOf, type SpecialPoint, trace, type Trace } from "./trace.ts";

/** Distance, in lengths along a branch, at which two special points are one. */
const SAME_POINT = 1e-6;

export function findBranch(system: System, options: BranchOptions): Branch {
  const { over, from, to, parameters = {}, follow = false, onRow } = options;
  const parameter = requireParameter(system, over, "branch.over");
  for (const [name, value] of Object.entries({ from, to })) {
    if (!Number.isFinite(value)) throw new ParameterError(`branch.${name}`, value, "a finite number");
  }
  if (from === to) throw new ParameterError("branch.to", to, "another value than branch.from");
  const merged = mergedParameters(system, { ...parameters, [over]: from });
  const fixed = new FixedPointSystem(system, merged);
  const family: Family = { fixed, parameter, from, span: to - from };
  const first = attempt(fixed, checkedStart(fixed), { cold: true, follow: true });
  if (first.solution.status !== "converged") return first.solution;
  const describe = describer(system, merged, family);
  if (first.solution.ends) return branchAtEnd(family, first, describe, onRow);

  const n = fixed.size;
  const start = Float64Array.from([...first.w, 0]);
  const forward = new Float64Array(n + 1);
  forward[n] = 1;
  const follower = (y: Point, direction: Point): [trace: Trace, rows: SaddlePointRow[]] => {
    const rows: SaddlePointRow[] = [];
    const visit = (at: Point): void => {
      const row = describe.row(at[n]!, solutionOf(family, at));
      rows.push(row);
      onRow?.(row);
    };
    return [trace(family, y, direction, visit), rows];
  };
  const [main, rows] = follower(start, forward);
  const events = distinct(main.special).map((point) => eventAt(point, family, describe));
  const arrival = arrivalEvent(main, family, describe);
  if (arrival) events.push(arrival);
  const crossing = main.special.filter(({ kind }) => kind === "bifurcation");
  const others = follow ? crossing.flatMap((point) => crossingBranch(family, point)) : [];
  const followed = others.map(({ y, direction }) => follower(y, direction));
  const resolved = rows.findLastIndex(({ status }) => status === "converged") + 1;
  const isCut = resolved < rows.length && main.ended !== "range";
  return {
    status: "converged",
    rows: rows.slice(0, resolved),
    events: [...events, ...crossings(system, family, [main, ...followed.map(([item]) => item)], describe)],
    followed: followed.map(([, own]) => own),
    ended: isCut ? "singular" : main.ended,
  };
}

function describer(system: System, merged: readonly number[], family: Family): Describer {
  const names = parameterNames(system);
  const valueAt = (p: number): number => (p === 1 ? family.from + family.span : family.from + family.span * p);
  return {
    row: (p, solution) => ({
      parameters: Object.fromEntries(names.map((name, i) => [name, i === family.parameter ? valueAt(p) : merged[i]!])),
      ...solution,
    }),
    parameter: (p) => ({ [names[family.parameter]!]: valueAt(p) }),
  };
}

/** A bifurcation hides the fold that is there as well, where the branch that is followed is the one that turns. */
function distinct(points: readonly SpecialPoint[]): SpecialPoint[] {
  return points.filter(
    (point) =>
      point.kind === "bifurcation" ||
      !points.some(
        (other) =>
          other.kind === "bifurcation" && other.y.every((value, i) => Math.abs(value - point.y[i]!) < SAME_POINT),
      ),
  );
}

function eventAt({ kind, y }: SpecialPoint, family: Family, describe: Describer): BranchEvent {
  return { kind, parameters: describe.parameter(y[family.fixed.size]!), values: valuesAt(family, y) };
}

/** Where a branch arrives at ends of ranges at which the equations hold, it meets the solutions there: a continuous transition. */
function arrivalEvent({ nodes, ended }: Trace, family: Family, describe: Describer): BranchEvent | undefined {
  if (ended !== "range") return undefined;
  const { fixed } = family;
  const [before, last] = [nodes.at(-2)!.y, nodes.at(-1)!.y];
  const near = fixed.coordinates.flatMap((coordinate, i) => {
    const end = coordinate.nearEnd(last[i]!, 1e-8);
    return end ? [[i, end] as const] : [];
  });
  const [index, end] = near[0]!;
  const edge = fixed.system.description.unknowns[index]![end];
  const distance = (y: Point): number => Math.abs(fixed.coordinates[index]!.value(y[index]!) - edge);
  const n = fixed.size;
  const p = last[n]! + ((last[n]! - before[n]!) * distance(last)) / (distance(before) - distance(last));
  if (Math.abs(p - last[n]!) > 1e-6) return undefined;
  const values = valuesAt(family, last);
  for (const [i, side] of near)
    values[fixed.system.description.unknowns[i]!.name] = fixed.system.description.unknowns[i]![side];
  fixed.inputs[n + family.parameter] = family.from + family.span * p;
  fixed.system.description.unknowns.forEach(({ name }, i) => (fixed.inputs[i] = values[name]!));
  const sides = fixed.sides("adapt");
  if (typeof sides === "string" || near.some(([i]) => Math.abs(sides[i]! - fixed.inputs[i]!) > 1e-12)) return undefined;
  return { kind: "bifurcation", parameters: describe.parameter(p), values };
}
