import type { BranchEvent, SaddlePointRow } from "../../../src/equations/index.ts";
import { type ChartDescription, numberedRole, type Point, type Series } from "../chart.ts";
import type { Mark } from "../marks.ts";
import type { EquationsRequest } from "./equationsState.ts";

/** Rows and special points of a curve or branch, and what they belong to. */
export interface BranchPicture {
  readonly request: EquationsRequest;
  readonly branches: readonly (readonly SaddlePointRow[])[];
  readonly events: readonly BranchEvent[];
}

/** Names of special points. */
export const EVENT_NAMES = {
  fold: "fold (spinodal)",
  crossing: "first-order transition",
  bifurcation: "continuous transition",
} as const;
const SHAPES = { fold: "circle", crossing: "diamond", bifurcation: "square" } as const;

/** Every number of a solution by its name. */
export function numbersOf(row: SaddlePointRow): Readonly<Record<string, number>> {
  if (row.status !== "converged") return {};
  const { values, observables, freeEnergy, freeEntropy } = row;
  return {
    ...values,
    ...observables,
    ...(freeEnergy !== undefined && { freeEnergy }),
    ...(freeEntropy !== undefined && { freeEntropy }),
  };
}

/** Names of all that can be drawn. */
export function quantitiesOf({ branches }: BranchPicture): string[] {
  const solved = branches.flat().find(({ status }) => status === "converged");
  return solved ? Object.keys(numbersOf(solved)) : [];
}

/** The quantities that are drawn: those that were chosen as far as they exist, else the unknowns. */
export function chosenQuantities(picture: BranchPicture, chosen: string): string[] {
  const all = quantitiesOf(picture);
  const names = all.filter((name) => chosen.split(",").includes(name));
  if (names.length > 0) return names;
  const solved = picture.branches.flat().find((row) => row.status === "converged");
  return solved?.status === "converged" ? Object.keys(solved.values) : all;
}

/** Stable parts solid, unstable ones dotted, special points marked and named. */
export function branchChart(picture: BranchPicture, chosen: string, title: string): ChartDescription {
  const { request, branches, events } = picture;
  const { over, from, to } = request;
  const names = chosenQuantities(picture, chosen);
  const series = names.flatMap((name): Series[] => {
    const role = numberedRole(quantitiesOf(picture).indexOf(name));
    const [stable, unstable] = [true, false].map((isStable) => partsOf(branches, over, name, isStable));
    const both: Series[] = [
      { label: name, role, style: "solid", points: stable! },
      { label: `${name}, unstable`, role, style: "dotted", points: unstable! },
    ];
    return both.filter(({ points }) => points.length > 0);
  });
  const at = currentValue(request);
  const inside = at !== undefined && at >= Math.min(from, to) && at <= Math.max(from, to);
  return {
    title,
    x: { title: over, domain: [Math.min(from, to), Math.max(from, to)], logarithmic: false },
    y: { title: names.join(", "), logarithmic: false },
    series,
    marks: events.flatMap((event) => marksOf(event, over, names)),
    ...(inside && { marker: { x: at, label: `${over} = ${at}` } }),
  };
}

function currentValue({ description, over }: EquationsRequest): number | undefined {
  const value = (description["parameters"] as Record<string, unknown> | undefined)?.[over];
  return typeof value === "number" ? value : undefined;
}

/** The parts of one stability, with gaps between them. What is unstable reaches to the stable points beside it. */
function partsOf(
  branches: readonly (readonly SaddlePointRow[])[],
  over: string,
  name: string,
  isStable: boolean,
): Point[] {
  const points: Point[] = [];
  for (const rows of branches) {
    rows.forEach((row, i) => {
      const beside =
        !isStable && stability(row) && [rows[i - 1], rows[i + 1]].some((next) => next && stability(next) === false);
      if (stability(row) === isStable || beside) points.push(point(row, over, name));
      else if (i > 0) points.push({ x: row.parameters[over]!, y: NaN });
    });
    points.push({ x: NaN, y: NaN });
  }
  return points.some(({ y }) => Number.isFinite(y)) ? points : [];
}

function stability(row: SaddlePointRow): boolean | undefined {
  return row.status === "converged" ? row.stable : undefined;
}

function point(row: SaddlePointRow, over: string, name: string): Point {
  return { x: row.parameters[over]!, y: numbersOf(row)[name] ?? NaN };
}

function marksOf({ kind, parameters, values, other }: BranchEvent, over: string, names: readonly string[]): Mark[] {
  const x = parameters[over]!;
  const heights = names.flatMap((name) => [values[name], typeof other === "object" ? other[name] : undefined]);
  const label = `${EVENT_NAMES[kind]}, ${over} = ${Number(x.toPrecision(6))}`;
  return heights
    .filter((y): y is number => y !== undefined)
    .map((y, i) => ({ x, y, shape: SHAPES[kind], label: i === 0 ? label : "" }));
}
