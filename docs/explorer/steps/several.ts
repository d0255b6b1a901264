import type { CurveParameters, FailedRow, MultiIndexRow } from "../../../src/curve/sweep.ts";
import type { RidgePoint } from "../../../src/index.ts";
import { gaussHermite } from "../../../src/numerics/gaussHermite.ts";
import type { MultiIndexDescription } from "../../../src/multiIndex/description.ts";
import { learnedSurfaceOf } from "../../../src/multiIndex/learnedSurface.ts";
import { multiIndexSolver, type MultiIndexSolver } from "../../../src/multiIndex/solver.ts";
import { multiIndexTarget } from "../../../src/target/multiIndexTarget.ts";

/** A function along one direction of the target's space, θ_iᵀx from −3 to 3. */
export interface AlongDirection {
  readonly target: readonly number[];
  readonly learned: readonly number[] | undefined;
}

/** A function on the plane of the first two directions, values[j][i] at (t_i, t_j). */
export interface Surface {
  readonly t: readonly number[];
  readonly target: readonly (readonly number[])[];
  readonly learned: readonly (readonly number[])[];
}

/** What the steps have made, a row per group. */
export interface SeveralNumbers {
  readonly spikeAlongTarget: readonly (readonly number[])[];
  readonly bulkVariance: readonly number[];
}

/** A model of several steps or directions, and its warm solver. */
export interface PreparedSeveral {
  readonly solver: MultiIndexSolver;
  readonly directions: number;
  readonly targetGiven: (directions: readonly number[], t: readonly number[]) => number;
}

export function prepareSeveral(description: MultiIndexDescription): PreparedSeveral {
  const solver = multiIndexSolver(description);
  const { value, directions } = multiIndexTarget(description.target);
  return { solver, directions, targetGiven: (held, t) => averageGiven(value, directions, held, t) };
}

export function severalRow(
  { solver }: PreparedSeveral,
  at: CurveParameters,
  point: RidgePoint,
): MultiIndexRow | FailedRow {
  const result = solver.solve(point);
  return result.status === "converged"
    ? { ...at, ...result, linearBaseline: solver.bounds().linearBaseline }
    : { ...at, status: result.status, message: result.detail };
}

export function severalNumbers({ solver }: PreparedSeveral): SeveralNumbers {
  const { spikeAlongTarget, bulkVariance } = solver.described;
  return { spikeAlongTarget, bulkVariance };
}

const unit = (m: number, i: number): number[] => Array.from({ length: m }, (_, j) => (i === j ? 1 : 0));

/** E[f | θ_iᵀx = t] and E[y | θ_iᵀx = t] for every i. */
export function alongDirections(
  prepared: PreparedSeveral,
  point: RidgePoint,
  t: readonly number[],
  solved: boolean,
): AlongDirection[] {
  const { solver, directions, targetGiven } = prepared;
  const surface = solved ? learnedSurfaceOf(solver, point) : undefined;
  return Array.from({ length: directions }, (_, i) => ({
    target: t.map((x) => targetGiven([i], [x])),
    learned: surface?.given(
      [unit(directions, i)],
      t.map((x) => [x]),
    ),
  }));
}

/** Points of a side of the plane. */
const SIDE = 33;
const WIDEST = 2.5;

export function surfaceOf({ solver, directions, targetGiven }: PreparedSeveral, point: RidgePoint): Surface {
  const t = Array.from({ length: SIDE }, (_, i) => WIDEST * ((2 * i) / (SIDE - 1) - 1));
  const plane = [unit(directions, 0), unit(directions, 1)];
  const { given } = learnedSurfaceOf(solver, point);
  return {
    t,
    target: t.map((y) => t.map((x) => targetGiven([0, 1], [x, y]))),
    learned: t.map((y) =>
      given(
        plane,
        t.map((x) => [x, y]),
      ),
    ),
  };
}

/** Nodes along each direction that is averaged over: as many as a picture shows. */
const NODES = 24;

/** E[g(s) | s_i = t_i for the directions that are held] */
function averageGiven(
  value: (s: readonly number[]) => number,
  count: number,
  held: readonly number[],
  t: readonly number[],
): number {
  const { nodes, weights } = gaussHermite(NODES);
  const visit = (s: readonly number[]): number => {
    if (s.length === count) return value(s);
    const at = held.indexOf(s.length);
    if (at >= 0) return visit([...s, t[at]!]);
    return nodes.reduce((sum, node, i) => sum + weights[i]! * visit([...s, node]), 0);
  };
  return visit([]);
}
