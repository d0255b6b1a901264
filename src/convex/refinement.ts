import type { Table } from "../problem/table.ts";
import { frozenShare } from "./frozenFeatures.ts";
import { failure, gridTolerance, type Level, type LevelSolution, type LevelSolver, type Trail } from "./levelSolver.ts";
import type { Convergence, LossFailure } from "./solution.ts";
import { stiffnessOf } from "../loss/convexLoss.ts";
import { copyOf, distanceOf, type SaddleState } from "./localState.ts";
import type { LossPoint } from "./saddlePoint.ts";
import { gainOfHalving, midpointRule, stepFor, stepLike, unitedRule, uniformRule, uniformStep } from "./uniformGrid.ts";
import { UniformTables } from "./uniformTables.ts";

/** Change from a level to the next, times what it has shrunk by, at which a solution is worth a check. */
const SETTLED = 1e-9;
/** From this level on it is checked in any case. */
const FIRST_CHECK = 3;
/** Error on other nodes of κ, with finer rules, at which the solution is accepted; averages with kinks take many nodes. */
const [CHECKED, CHECKED_KINKS] = [2e-11, 1e-9];
/** The largest that is corrected by what other nodes say, and the part of it that may be left, whatever the averages say. */
const [CORRECTED, LEAST_LEFT] = [3e-8, 0.1];
/** What a step of κ is chosen for: averages err more than the solution by them, or less. */
const WANTED = 1e-10;
/** The largest that is accepted where finer grids do not make it smaller, or there are none; it is then what the estimate says. */
const LARGEST_CHECK = 1e-7;
/** From this level on a grid after one that failed the check is one of panels: averages may have kinks far out. */
const [FIRST_PANELS_OF_KINKS, FIRST_PANELS] = [3, 5];
/** Part of the readout's norm that comes from frozen features, beyond which there is no result at λ = 0. */
const WORST_FROZEN = 1e-4;
/** The same before the solution has settled. */
const CERTAINLY_FROZEN = 1e-3;
/** Where the panels of a check are split, unlike those of a grid. */
const PANEL_SPLIT = 0.37;

/** Distance from a solution that has been checked up to which its check says what the grid leaves at another. */
const VOUCHED = 0.3;
/** Newton's step that is the last of a solution that nothing else checks, and what it leaves of its square at most. */
const [UNCHECKED_STEP, NEWTON_SQUARE] = [1e-6, 10];

export interface SettledSolution {
  readonly status: "converged";
  readonly level: Level;
  readonly grid: Table;
  readonly state: SaddleState;
  readonly convergence: Convergence;
}

/** A solution that has been checked on other nodes. */
interface Vouched {
  readonly state: SaddleState;
  readonly susceptibility: number;
  /** Of the nodes, and the level of the rules. */
  readonly step: number;
  readonly digits: number;
  readonly error: number;
  readonly halves: number;
}

/** A failure; a `final` one does not hang on the start. */
export type Unsettled = LossFailure & { readonly final?: boolean };

interface Check {
  /** NaN where the averages on other nodes are not resolved. */
  readonly error: number;
  /** Newton's step there, resolved or not. */
  readonly step: number;
  /** The same after a correction. */
  readonly left: number;
  /** The corrected solution, where it is better. */
  readonly united?: Pick<LevelSolution, "grid" | "state">;
}

/** Refines grids and rules until the solution moves no more, and checks it on others. */
export class Refinement {
  private readonly tables: UniformTables;
  private readonly kinked: boolean;
  /** Losses whose averages are in closed form can afford the nodes that make a correction superfluous. */
  private readonly corrected: boolean;
  private trail: Trail | undefined;
  private vouched: Vouched | undefined;
  /** Of a point before this one. */
  private lastCheck: { readonly step: number; readonly error: number } | undefined;

  constructor(private readonly solver: LevelSolver) {
    this.tables = new UniformTables(solver.model.rows);
    this.kinked = solver.loss.breakpoints(1).length > 0;
    this.corrected = !this.kinked && solver.loss.strip < Infinity;
  }

  /** Where a sweep leads at this point. */
  predicted(point: LossPoint, last: SaddleState): SaddleState | undefined {
    const { trail, vouched } = this;
    return trail && vouched?.susceptibility === point.susceptibility
      ? this.solver.predict(point, trail, last)
      : undefined;
  }

  /**
   * The solution next to a predicted one, on nodes like those of a solution nearby that has been checked: where the grid's halves
   * are as close as there, that check is one of this solution, too.
   *
   * @returns undefined where it is not
   */
  follow(point: LossPoint, predicted: SaddleState): SettledSolution | Unsettled | undefined {
    const { vouched } = this;
    if (!vouched || !(distanceOf(predicted, vouched.state) < VOUCHED)) return undefined;
    const level = this.solver.levels.find(({ digits }) => digits === vouched.digits)!;
    const grid = this.uniformGrid(vouched.step, level, predicted, point);
    const { digits, potential } = level;
    const result = this.solver.solve({ digits, potential, tolerance: UNCHECKED_STEP }, grid, point, predicted);
    if (result.status !== "converged") return undefined;
    const { halves } = result.record.resolution;
    const left = vouched.error * Math.max(1, halves / vouched.halves) ** 2 + NEWTON_SQUARE * result.error ** 2;
    if (!(left <= CHECKED) || !this.resolved(result)) return undefined;
    this.extendTrail(result);
    return this.accepted(level, result, left + 2 ** -50);
  }

  private extendTrail({ grid, record }: LevelSolution): void {
    this.trail = { grid, last: record, before: this.trail?.grid === grid ? this.trail.last : undefined };
  }

  /** Whether the grid says itself that it is fine enough. */
  private resolved({ record: { resolution } }: Pick<LevelSolution, "record">): boolean {
    return resolution.halves ** gainOfHalving(resolution) <= LARGEST_CHECK;
  }

  private uniformGrid(step: number, level: Level, state: SaddleState, { susceptibility }: LossPoint): Table {
    const probe = { state, susceptibility, stiffness: stiffnessOf(this.solver.loss) };
    return this.tables.on(uniformRule(this.solver.model.rows, step, probe, this.solver.negligible(level)));
  }

  /** Keeps what the next points of a sweep start from. */
  private remember({ digits }: Level, result: LevelSolution, check: Check, point: LossPoint): void {
    const { grid, state, record } = result;
    this.extendTrail(result);
    const step = uniformStep(grid.nodes);
    const { susceptibility } = point;
    const { halves } = record.resolution;
    this.vouched =
      step === undefined || this.corrected || !(check.error <= CHECKED)
        ? undefined
        : { state: copyOf(state), susceptibility, step, digits, error: check.error, halves };
  }

  settle(point: LossPoint, rough: LevelSolution): SettledSolution | Unsettled {
    const { levels } = this.solver;
    this.vouched = this.trail = undefined;
    let last = rough;
    let { evaluations } = rough;
    let movement = 1;
    let lastCheck = Infinity;
    let acceptable: (() => SettledSolution | Unsettled) | undefined;
    for (const [index, level] of levels.entries()) {
      if (index === 0) continue;
      const grid = this.nextGrid(index, last, point, lastCheck !== Infinity);
      if (!grid) continue;
      const result = this.solver.solve(level, grid, point, last.state);
      if (result.status !== "converged") return acceptable?.() ?? result;
      evaluations += result.evaluations;
      last = result;
      // Averages that no grid resolves: a limit that is not there.
      const frozen = this.frozenAt(level, result);
      if (frozen > CERTAINLY_FROZEN) return { ...noRidgelessLimit(evaluations, frozen), final: true };
      const extrapolated = result.moved * Math.min(1, result.moved / movement) + result.error ** 2;
      movement = result.moved;
      if (index < FIRST_CHECK && extrapolated > SETTLED) continue;
      const check = this.checkElsewhere(levels[index + 1] ?? level, result, point);
      const stalled = check.error <= LARGEST_CHECK && check.error > 0.3 * lastCheck;
      lastCheck = check.error;
      const accept = (left = check.left) => {
        this.remember(level, result, check, point);
        return this.accepted(level, { ...result, ...check.united, evaluations }, left + 2 ** -50);
      };
      if (check.error <= (this.kinked ? CHECKED_KINKS : CHECKED) || check.united || stalled) return accept();
      if (check.error <= LARGEST_CHECK) acceptable = accept;
      // Averages made of rounding, which say of no grid that it resolves them; two grids agree on the solution.
      const agreed = Math.max(check.step, result.moved);
      if (!acceptable && agreed <= LARGEST_CHECK) acceptable = () => accept(agreed);
    }
    return acceptable?.() ?? { ...unsettled(last, movement, lastCheck, evaluations), final: true };
  }

  /** A failure of the limit λ → 0, if there is none on the features alone. */
  frozenLimit(iterations: number): LossFailure | undefined {
    if (!this.solver.loss.limitOf) return undefined;
    const share = frozenShare(this.solver.firstGrid);
    return share <= WORST_FROZEN ? undefined : noRidgelessLimit(iterations, share);
  }

  private accepted(level: Level, result: LevelSolution, error: number): SettledSolution | Unsettled {
    const { grid, state, evaluations, residual } = result;
    const frozen = this.frozenAt(level, result);
    if (!(frozen <= WORST_FROZEN)) return { ...noRidgelessLimit(evaluations, frozen), final: true };
    const convergence = { iterations: evaluations, residual, errorEstimate: error + frozen };
    return { status: "converged", level, grid, state, convergence };
  }

  /** The level after one, and nodes that are not those of a solution; no table where these do not get there. */
  checkRule({ level, grid, state }: SettledSolution, point: LossPoint): { level: Level; grid: Table } | undefined {
    const { levels } = this.solver;
    const next = levels[levels.indexOf(level) + 1] ?? level;
    const { table } = this.elsewhere(next, { grid, state }, point);
    return table && { level: next, grid: table };
  }

  private elsewhere(level: Level, { grid, state }: Pick<LevelSolution, "grid" | "state">, point: LossPoint) {
    const between = midpointRule(grid.nodes);
    const table = between ? this.tables.on(between) : this.solver.probedGrid(level, state, point, [PANEL_SPLIT]);
    return { between, table };
  }

  private frozenAt(level: Level, { grid, state }: LevelSolution): number {
    return this.solver.loss.limitOf ? frozenShare(grid, { ...level, state }) : 0;
  }

  /** A grid for a level by the solution of the one before; undefined if it does not get there. */
  private nextGrid(
    index: number,
    { grid, state, record: { resolution } }: LevelSolution,
    point: LossPoint,
    failedCheck: boolean,
  ): Table | undefined {
    const level = this.solver.levels[index]!;
    const panels = failedCheck && index >= (this.kinked ? FIRST_PANELS_OF_KINKS : FIRST_PANELS);
    const step = uniformStep(grid.nodes);
    if (panels || step === undefined) return this.solver.probedGrid(level, state, point, panels ? [0] : []);
    const wanted = this.corrected ? WANTED : gridTolerance(level.digits + 2);
    const like = index === 1 && this.lastCheck ? stepLike(step, this.lastCheck, CORRECTED / 10) : undefined;
    const finer = Math.min(failedCheck ? 0.5 * step : step, like ?? stepFor(step, resolution, wanted));
    return this.uniformGrid(finer, level, state, point);
  }

  /**
   * Newton's step of a solution on nodes of κ between its own, with the rules of another level: an estimate that does not
   * believe the grid's. Equidistant nodes and those between them err by the same in opposite directions, so that
   * half the step is left with the error of half the step size.
   */
  private checkElsewhere(level: Level, { grid, state, record }: LevelSolution, point: LossPoint): Check {
    const { between, table: other } = this.elsewhere(level, { grid, state }, point);
    const unknown = { error: NaN, step: NaN, left: NaN };
    if (!other) return unknown;
    const problem = this.solver.problemOn(other, level, point);
    const u = problem.pack(state);
    if (problem.evaluate(u) !== undefined) return unknown;
    const error = problem.sizeOf(problem.newton);
    const check = { error, step: error, left: error };
    if (!between) return check;
    const own = problem.resolution();
    if (!(own.halves ** gainOfHalving(own) <= LARGEST_CHECK)) return { ...unknown, step: error };
    if (!this.corrected) return check;
    this.lastCheck = { step: between.nodes[1]! - between.nodes[0]!, error };
    const left = Math.max(LEAST_LEFT * error, error ** gainOfHalving(record.resolution));
    if (error <= CHECKED || error > CORRECTED || left > LEAST_LEFT * CORRECTED) return check;
    const united = {
      grid: this.tables.on(unitedRule(grid.nodes, other.nodes)),
      state: problem.unpack(u.map((value, i) => value + 0.5 * problem.newton[i]!)),
    };
    return { ...check, left, united };
  }
}

/** Coefficients this large cancel: the channels are nearly collinear, the limits r → 0 and u_k → u_l are singular. */
const CANCELLING = 1e6;

function unsettled({ state }: LevelSolution, movement: number, check: number, evaluations: number): LossFailure {
  const largest = state.coefficients.reduce((most, t) => Math.max(most, Math.abs(t)), 0);
  const detail =
    largest > CANCELLING
      ? `mean channels are nearly collinear: coefficients up to ${largest.toExponential(1)} cancel and leave changes of ${movement.toExponential(1)}`
      : `grids did not settle: last change ${movement.toExponential(1)}, error on other nodes ${check.toExponential(1)}`;
  return failure(detail, "max-iterations", evaluations, NaN);
}

function noRidgelessLimit(evaluations: number, share: number): LossFailure {
  const detail = `no limit λ → 0 is resolved: features freeze at large κ, where a share of ${share.toExponential(1)} of the readout's norm is made`;
  return failure(detail, "diverged", evaluations, share);
}
