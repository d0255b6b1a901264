import { StreamMoments } from "../model/streamMoments.ts";
import type { SolvedLoss } from "../convex/sensitivity.ts";
import type { LossResult } from "../convex/solution.ts";
import type { LabelsByNoise } from "../convex/variedLabels.ts";
import type { Model } from "../model/model.ts";
import type { LossParameters } from "../model/description.ts";
import { featureModelOf } from "../model/featureModel.ts";
import type { MultiIndexDescription } from "../multiIndex/description.ts";
import { type MultiIndexSolver, multiIndexSolver } from "../multiIndex/solver.ts";
import type { ModelParameters } from "../parameters/description.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";
import type { RidgePoint } from "../ridge/limits.ts";
import { checkPoint, type RidgeResult } from "../ridge/solution.ts";
import { recent } from "./recent.ts";
import { describedSolver } from "./solve.ts";

/** A model that is tabulated, ready to be solved at any point. */
export interface ModelSolver<Result> {
  readonly model: Model;
  /** Starts from the solution of the previous point. */
  readonly solve: (point: RidgePoint) => Result;
  /** Of the square loss: the state of the last point that was solved. */
  readonly state?: () => SolvedState;
  /** Of the others: the last point, where it has a solution. */
  readonly solved?: () => SolvedLoss | undefined;
  /** Their labels by the variance of the noise. */
  readonly labelsBy?: LabelsByNoise;
}

/** A model and its loss, without the point. */
type LossModel = ModelParameters & LossParameters;
type AnySolver = ModelSolver<RidgeResult | LossResult>;

export interface ModelSolvers {
  (parameters: ModelParameters & { readonly loss?: "square" }): ModelSolver<RidgeResult>;
  (parameters: LossModel): AnySolver;
}

/** What a stream of descriptions keeps and asks for. */
export interface StreamOptions {
  /** How many models are kept; default 1, which serves a sorted sweep. */
  readonly kept?: number;
  /** Whether solutions say how far finite networks are from them; default yes. */
  readonly finiteSize?: boolean;
}

/** Solvers for a stream of descriptions: those of the same model share tables and warm starts, whatever their α, β and λ. */
export function modelSolvers({ kept = 1, finiteSize = true }: StreamOptions = {}): ModelSolvers {
  const moments = new StreamMoments();
  let step: number | undefined;
  const solverOf = (parameters: LossModel): AnySolver => {
    const { loss = "square" } = parameters;
    const model = featureModelOf(parameters, loss === "square" ? moments : undefined);
    const { solve, ...derived } = describedSolver(model, parameters, { step, finiteSize });
    step = derived.step;
    return { model, solve: (point) => solve(checkPoint(point)), ...derived };
  };
  return recent(solverOf, { kept }) as ModelSolvers;
}

/** Solvers for a stream of descriptions: those of one model share it and its warm starts. */
export type MultiIndexSolvers = (description: MultiIndexDescription) => MultiIndexSolver;

/** @param kept how many models are kept */
export function multiIndexSolvers(kept = 1): MultiIndexSolvers {
  return recent((description: MultiIndexDescription) => multiIndexSolver(description), { kept });
}
