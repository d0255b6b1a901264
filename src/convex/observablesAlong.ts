/** Derivatives of the observables of a solution along the response of its state. */
import type { ConvexLoss } from "../loss/convexLoss.ts";
import type { LabelLaw } from "./labelLaw.ts";
import type { Level } from "./levelSolver.ts";
import type { SaddleState } from "./localState.ts";
import { type OnNodes, testLossAlong, trainLossAlong } from "./lossResponse.ts";
import { observe, overlaps } from "./observables.ts";
import { observedAlong } from "./observedAlong.ts";
import { localPotential } from "./potentials.ts";
import type { LossPoint } from "./saddlePoint.ts";
import type { MovedSaddle, SaddleDirection } from "./saddleResponse.ts";
import type { LossOverlaps } from "./solution.ts";
import type { VariedLabels } from "./variedLabels.ts";

/** Derivatives on one set of nodes, of whatever a solution may have. */
export interface ChangeOfObservables {
  readonly numbers: Readonly<Record<ObservableName, number>> & { readonly overlaps: LossOverlaps };
  /** Of observables that are differences along the response of the state: their errors. */
  readonly differenced: Readonly<Partial<Record<ObservableName, number>>>;
  /** Rounding of sums, absolute. */
  readonly rounding: Readonly<Partial<Record<ObservableName, number>>>;
  /** Change of the logarithms of the state, and of its field beside its spread. */
  readonly rate: number;
  /** Relative error of the response. */
  readonly error: number;
}

export type ObservableName =
  | "testLoss"
  | "trainLoss"
  | "objective"
  | "testError"
  | "excessRisk"
  | "trainError"
  | "testClassificationError"
  | "trainClassificationError";

/** How a state moves. */
interface Motion {
  readonly moved: MovedSaddle;
  readonly rate: number;
  readonly direction: SaddleDirection;
  /** Where it moves by their noise. */
  readonly labels: VariedLabels | undefined;
}

interface Setting {
  readonly loss: ConvexLoss;
  readonly level: Level;
  readonly point: LossPoint;
  readonly law: LabelLaw;
}

/** Rounding of a sum beside its terms. */
const ROUNDING = 1e-15;

export function observablesAlong(on: OnNodes, motion: Motion, setting: Setting): ChangeOfObservables {
  const { moved, rate, direction, labels } = motion;
  const { loss, level, point, law } = setting;
  const observedAt = (way: number) => {
    const potential = labels ? localPotential(loss, labels.at(way / labels.length), level.digits) : level.potential;
    return observe(on.grid, potential, shifted(on.solved.state, moved.state, way), point);
  };
  const along = observedAlong(observedAt, rate, labels);
  const testError = along.testSquare.value;
  const shared = {
    testError,
    excessRisk: testError - (labels?.unexplained ?? 0),
    trainError: along.trainSquare.value,
    testClassificationError: along.testClassification.value,
    trainClassificationError: along.trainClassification.value,
    overlaps: overlaps(on.grid, moved.state),
  };
  const classes = {
    testClassificationError: along.testClassification.error,
    trainClassificationError: along.trainClassification.error,
  };
  const cost = penaltyAlong(on.solved.state, moved.state, on.grid.groups.length, point, direction);
  const about = { rate, error: moved.error };
  if (labels && !labels.plain) {
    const [trainLoss, testLoss] = [along.trainLoss.value, along.testLoss.value];
    return {
      numbers: { ...shared, trainLoss, testLoss, objective: trainLoss + cost },
      differenced: {
        ...{ ...classes, trainLoss: along.trainLoss.error, objective: along.trainLoss.error },
        ...{ testLoss: along.testLoss.error, testError: along.testSquare.error, excessRisk: along.testSquare.error },
        trainError: along.trainSquare.error,
      },
      rounding: {},
      ...about,
    };
  }
  const moving = { ...on, moved, noise: labels ? 1 : 0 };
  const trainLoss = trainLossAlong(moving, level.potential);
  const tested = loss.limitOf ?? loss;
  const testLoss = testLossAlong(moving, localPotential(tested, law, level.digits), tested.curvatureBound === Infinity);
  return {
    numbers: { ...shared, trainLoss: trainLoss.value, testLoss: testLoss.value, objective: trainLoss.value + cost },
    // The square of the test error is of second degree in the state: its differences are exact.
    differenced: { ...classes, trainError: along.trainSquare.error },
    rounding: {
      trainLoss: ROUNDING * trainLoss.size,
      testLoss: ROUNDING * testLoss.size,
      objective: ROUNDING * trainLoss.size,
      testError: along.testSquare.error,
      excessRisk: along.testSquare.error,
    },
    ...about,
  };
}

/** Of λβ ΣQ2/(2α). */
function penaltyAlong(
  { norms }: SaddleState,
  moved: SaddleState,
  groups: number,
  { ridge, widthRatio, samples }: LossPoint,
  direction: SaddleDirection,
): number {
  const sum = (values: Float64Array) => values.subarray(values.length - groups).reduce((total, Q2) => total + Q2, 0);
  const ratio = (0.5 * widthRatio) / samples;
  const grown = direction.widthRatio / widthRatio - direction.samples / samples;
  return ratio * ((direction.ridge + ridge * grown) * sum(norms) + ridge * sum(moved.norms));
}

function shifted(state: SaddleState, change: SaddleState, s: number): SaddleState {
  const along = (from: Float64Array, by: Float64Array) => from.map((value, i) => value + s * by[i]!);
  return {
    traces: along(state.traces, change.traces),
    norms: along(state.norms, change.norms),
    coefficients: along(state.coefficients, change.coefficients),
  };
}
