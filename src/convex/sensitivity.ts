/**
 * Derivatives of a solution by α, β, λ and Δ (convexLosses §3) by the implicit function theorem, on the nodes of the solution and
 * on others: as far as these differ, neither knows them.
 */
import { stiffnessOf } from "../loss/convexLoss.ts";
import { lineDerivatives } from "../numerics/lineDerivative.ts";
import { strengthRate } from "../problem/problem.ts";
import type { Table } from "../problem/table.ts";
import type { PointDirection } from "../ridge/sensitivity.ts";
import type { Level, LevelSolver } from "./levelSolver.ts";
import { localFields, type SaddleState } from "./localState.ts";
import { noiseGradient, type OnNodes } from "./lossResponse.ts";
import { type ChangeOfObservables, observablesAlong } from "./observablesAlong.ts";
import { localPotential } from "./potentials.ts";
import { saddleAverages } from "./saddleAverages.ts";
import type { LossPoint, SaddleProblem } from "./saddlePoint.ts";
import { saddleResponse } from "./saddleResponse.ts";
import { type LabelsByNoise, variedLabels, type VariedLabels } from "./variedLabels.ts";

/** Nodes of κ, and rules for the averages there. */
export interface SaddleRule {
  readonly grid: Table;
  readonly level: Level;
}

/** A point that is solved. */
export interface SolvedLoss {
  readonly solver: LevelSolver;
  readonly point: LossPoint;
  readonly state: SaddleState;
  /** Those of the solution, and others if there are. */
  readonly rules: readonly SaddleRule[];
}

/** Derivatives along a direction on each set of nodes; undefined where the equations have none. */
export type LossSensitivities = (direction: PointDirection) => readonly ChangeOfObservables[] | undefined;

/** @param labelsBy labels ±1 by their noise */
export function lossSensitivities(solved: SolvedLoss, labelsBy?: LabelsByNoise): LossSensitivities {
  const rules = solved.rules.map((rule) => sensitivityOn(solved, rule, labelsBy));
  return (direction) => {
    const found = rules.flatMap((along) => along?.(direction) ?? []);
    return found.length === rules.length ? found : undefined;
  };
}

function sensitivityOn(
  { solver, point, state }: SolvedLoss,
  { grid, level }: SaddleRule,
  labelsBy: LabelsByNoise | undefined,
): ((direction: PointDirection) => ChangeOfObservables | undefined) | undefined {
  const problem = solver.problemOn(grid, level, point);
  if (!solveFrom(problem, state)) return undefined;
  const rates = grid.problem.channels.map(({ strength }) => strengthRate(strength, point.widthRatio));
  const response = saddleResponse(problem, rates);
  if (!response) return undefined;
  const { loss, model } = solver;
  const { susceptibility } = point;
  const argument = problem.argument()!;
  const on: OnNodes = { grid, susceptibility, solved: { state: argument.state, tau: argument.tau } };
  return ({ sampleRatio, widthRatio, ridge, labelNoise }) => {
    // Where λ → 0 is a limit of its own, λ is no parameter of the equations.
    if (ridge !== 0 && loss.limitOf) return undefined;
    const labels = labelNoise === 0 ? undefined : variedLabels(model.labels, labelsBy);
    if (labelNoise !== 0 && !labels) return undefined;
    const data = susceptibility === 0 ? { samples: 0, ridge: 0 } : { samples: sampleRatio, ridge };
    const direction = { ...data, widthRatio };
    const gradient = labels && gradientBy(labels, on, level, solver);
    const moved = response(gradient ? { ...direction, gradient } : direction);
    if (!moved) return undefined;
    const rate = problem.sizeOf(moved.step);
    return observablesAlong(on, { moved, rate, direction, labels }, { loss, level, point, law: model.labels });
  };
}

/** Newton's steps on nodes that need not be those of the solution, and the one that is the last. */
const [MOST_STEPS, LAST] = [4, 1e-12];

/** Evaluates the equations at their solution, from one nearby. */
function solveFrom(problem: SaddleProblem, state: SaddleState): boolean {
  const u = problem.pack(state);
  for (let k = 0; k <= MOST_STEPS; k++) {
    if (problem.evaluate(u) !== undefined) return false;
    const size = problem.sizeOf(problem.newton);
    if (size < LAST || k === MOST_STEPS) return size < Infinity;
    for (let i = 0; i < u.length; i++) u[i]! += problem.newton[i]!;
  }
  return false;
}

/** Rounding of an average by a rule. */
const AVERAGED = 1e-13;

/** What the noise of the labels changes of the gradient at a fixed state: in closed form where it adds to s². */
function gradientBy(labels: VariedLabels, on: OnNodes, level: Level, solver: LevelSolver): Float64Array {
  const { susceptibility, solved } = on;
  if (labels.plain) return noiseGradient(on, level.potential);
  const gradientAt = (s: number): Float64Array => {
    const potential = localPotential(solver.loss, labels.at(s), level.digits);
    const options = {
      potential,
      susceptibility,
      stiffness: stiffnessOf(solver.loss),
      negligible: solver.negligible(level),
    };
    const averages = saddleAverages(localFields(on.grid), options);
    averages.at(solved.state, solved.tau);
    return averages.gradient;
  };
  const noise = gradientAt(0).map((value) => AVERAGED * Math.abs(value));
  return Float64Array.from(lineDerivatives(gradientAt, noise, labels), ({ value }) => value);
}
