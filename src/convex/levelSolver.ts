import { QuadratureError } from "../errors.ts";
import type { Table } from "../problem/table.ts";
import { sourcesOf } from "../bulk/weightResolvent.ts";
import { dampedNewton } from "../numerics/dampedNewton.ts";
import { type ConvexLoss, stiffnessOf } from "../loss/convexLoss.ts";
import { lossGrid, type LossModel } from "./grid.ts";
import type { LossFailure } from "./solution.ts";
import { labelMoments } from "./interpolationPotential.ts";
import type { LocalPotential } from "./localPotential.ts";
import { copyOf, localFields, type SaddleState } from "./localState.ts";
import type { LabelLaw } from "./labelLaw.ts";
import { localPotential } from "./potentials.ts";
import { predictedAverages } from "./prediction.ts";
import { type AverageRecord, saddleAverages, type SaddleAverages } from "./saddleAverages.ts";
import { type LossPoint, type Near, saddleProblem, type SaddleProblem } from "./saddlePoint.ts";

/** Digits that the rules aim at, level by level; the first is only a start. */
const LEVELS = [5, 10, 12, 15, 18, 24, 36, 54];
/** Newton's step that is the last of a level: what it leaves is of the order of its square. */
const [FIRST_TOLERANCE, TOLERANCE] = [1e-4, 1e-5];
const MOST_EVALUATIONS = 150;
const MOST_PREDICTED = 12;
const MAX_STEP = 2;
/** Grids that follow an iteration: error of their averages, evaluations on one, and their number. */
const [ROUGH_GRID, GRID_EVALUATIONS, MOST_GRIDS] = [1e-9, 6, 25];
/** Longest step from a grid to the next, the Newton step that is not to be trusted, and how many of them in turn. */
const [GRID_STEP, FARTHEST, MOST_FAR] = [0.7, 10, 5];

export interface Level {
  readonly digits: number;
  readonly tolerance: number;
  readonly potential: LocalPotential;
}

/** The saddle point on one grid, with rules of some digits. */
export interface LevelSolution {
  readonly status: "converged";
  readonly grid: Table;
  readonly state: SaddleState;
  readonly evaluations: number;
  readonly residual: number;
  /** Last Newton step. */
  readonly error: number;
  /** Change from the start. */
  readonly moved: number;
  /** The averages at the last argument. */
  readonly record: AverageRecord;
}

/** Solutions of one sweep on one grid, from which the next is predicted. */
export interface Trail {
  readonly grid: Table;
  readonly last: AverageRecord;
  readonly before?: AverageRecord | undefined;
}

/** The equations of one loss on one model, on grids of κ and with rules of rising accuracy. */
export class LevelSolver {
  readonly levels: readonly Level[];
  private readonly margin: boolean;
  private readonly near: Near = {};

  constructor(
    readonly model: LossModel,
    readonly loss: ConvexLoss,
    /** One that resolves the features, at no solution yet. */
    readonly firstGrid: Table,
  ) {
    this.margin = loss.kind === "margin";
    const { rows } = model;
    const momentsAt = (kappa: number) => labelMoments(rows, kappa);
    this.levels = LEVELS.map((digits, index) => {
      const tolerance = index === 0 ? FIRST_TOLERANCE : TOLERANCE;
      let potential: LocalPotential | undefined;
      return {
        ...{ digits, tolerance },
        get potential() {
          return (potential ??= localPotential(loss, model.labels, digits, momentsAt));
        },
      };
    });
  }

  /** Where the averages of a trail lead at another point: no average is taken. */
  predict(point: LossPoint, { grid, last, before }: Trail, start: SaddleState): SaddleState | undefined {
    const problem = this.equationsOn(grid, point, predictedAverages(last, before));
    const u = problem.pack(start);
    const outcome = dampedNewton(problem, u, {
      maxEvaluations: MOST_PREDICTED,
      tolerance: TOLERANCE,
      maxStep: MAX_STEP,
    });
    return outcome.status === "converged" ? copyOf(problem.unpack(u)) : undefined;
  }

  /** The first level: a start for the others. */
  rough(point: LossPoint, start: SaddleState, maxEvaluations?: number): LevelSolution | LossFailure {
    return this.solve(this.levels[0]!, this.firstGrid, point, start, maxEvaluations);
  }

  /**
   * The first level by Newton's method on grids that follow it: kinks that hardly anything smoothes may fall between nodes,
   * and a coefficient that only few samples resist may have far to go, in steps that no residual tells from bad ones.
   *
   * @param labels instead of the model's
   */
  onGrids(point: LossPoint, start: SaddleState, labels?: LabelLaw): LevelSolution | LossFailure {
    const { digits, potential: own } = this.levels[1]!;
    const potential = labels === undefined ? own : localPotential(this.loss, labels, digits);
    const level = { digits, potential, tolerance: FIRST_TOLERANCE };
    let state = start;
    let [k, far] = [0, 0];
    for (; k < MOST_GRIDS && far < MOST_FAR; k++) {
      const grid = this.probedGrid(level, state, point, [], ROUGH_GRID);
      if (!grid) break;
      const result = this.solve(level, grid, point, state, GRID_EVALUATIONS);
      if (result.status === "converged") return result;
      const problem = this.problemOn(grid, level, point);
      const u = problem.pack(state);
      if (problem.evaluate(u) !== undefined) break;
      const near = problem.sizeOf(problem.newton) < FARTHEST;
      far = near ? 0 : far + 1;
      const step = near ? problem.newton : problem.sweep;
      const scale = Math.min(1, GRID_STEP / problem.sizeOf(step));
      state = copyOf(problem.unpack(u.map((value, i) => value + scale * step[i]!)));
    }
    return failure(`no solution on ${k} grids`, "max-iterations", k * GRID_EVALUATIONS, NaN);
  }

  solve(
    level: Level,
    grid: Table,
    point: LossPoint,
    start: SaddleState,
    maxEvaluations = MOST_EVALUATIONS,
  ): LevelSolution | LossFailure {
    const problem = this.problemOn(grid, level, point);
    const { tolerance } = level;
    const u = problem.pack(start);
    const before = u.slice();
    const outcome = dampedNewton(problem, u, { maxEvaluations, tolerance, maxStep: MAX_STEP });
    if (outcome.status !== "converged") {
      return failure(outcome.detail, outcome.status, outcome.evaluations, outcome.residual);
    }
    const moved = problem.sizeOf(u.map((value, i) => value - before[i]!));
    return { ...outcome, grid, state: problem.unpack(u), moved, record: problem.record() };
  }

  /** Weight of nodes of κ that are left out. Residuals may be far larger there than where the fit is good; margins are not. */
  negligible({ digits }: Level): number {
    return gridTolerance(digits) * (this.margin ? 1e-4 : 1e-8);
  }

  problemOn(grid: Table, level: Level, point: LossPoint): SaddleProblem {
    const negligible = this.negligible(level);
    const { potential } = level;
    const { susceptibility } = point;
    const options = { potential, susceptibility, stiffness: stiffnessOf(this.loss), negligible };
    return this.equationsOn(grid, point, saddleAverages(localFields(grid), options));
  }

  private equationsOn(grid: Table, point: LossPoint, averages: SaddleAverages): SaddleProblem {
    return saddleProblem(
      localFields(grid),
      grid.groups.length,
      this.model.bulk,
      sourcesOf(grid.problem.channels, point.widthRatio),
      point,
      averages,
      this.loss.curvatureBound,
      this.near,
    );
  }

  /**
   * A grid for a level by the solution of the one before; undefined if it does not get there.
   *
   * @param splits where panels end; without any the grid may be a trapezoid rule
   */
  probedGrid(
    level: Level,
    state: SaddleState,
    { susceptibility }: LossPoint,
    splits: readonly number[],
    tolerance = gridTolerance(level.digits, splits.length > 0),
  ): Table | undefined {
    const { potential } = level;
    const probe = { potential, state, susceptibility, stiffness: stiffnessOf(this.loss) };
    try {
      return lossGrid(this.model, tolerance, this.margin, probe, splits);
    } catch (error) {
      if (error instanceof QuadratureError) return undefined;
      throw error;
    }
  }
}

export function failure(
  detail: string,
  status: LossFailure["status"],
  iterations: number,
  residual: number,
): LossFailure {
  return { status, iterations, residual, detail };
}

/** Panels are bisected by the squares of what they leave, which says little of kinks: theirs has to be smaller. */
export function gridTolerance(digits: number, panels = false): number {
  return panels ? Math.max(1e-20, 10 ** (-1.15 * digits)) : Math.max(1e-12, 10 ** -(digits - 1));
}
