import { resolveLoss } from "../loss/lossInput.ts";
import type { ConvexCovariates } from "../covariates/description.ts";
import type { LossInput } from "../model/description.ts";
import { covariateLoss } from "./covariates.ts";
import type { Estimate } from "./statistics.ts";
import type { SimulationPoint } from "./summary.ts";
import type { TrialPoint } from "./trial.ts";

/** What a simulation has of a point beside theory, under theory's names. */
export const SIMULATED_QUANTITIES = [
  "testError",
  "trainError",
  "objective",
  "testLoss",
  "trainLoss",
  "testClassificationError",
  "trainClassificationError",
] as const;
/** One of {@link SIMULATED_QUANTITIES}. */
export type SimulatedQuantity = (typeof SIMULATED_QUANTITIES)[number];

const LOSSES = ["testLoss", "trainLoss"] as const;
const CLASSIFICATION = ["testClassificationError", "trainClassificationError"] as const;
const SQUARE = ["testError", "trainError"] as const;

/** What of a description says which quantities it has. */
export type QuantityOwner = Pick<Partial<ConvexCovariates>, "loss" | "huberThreshold">;

const lossOf = (description: QuantityOwner): LossInput => covariateLoss(description);

/** The quantities that theory has for a loss: square errors are not among those of a loss of margins. */
export function quantitiesOf(description: QuantityOwner): readonly SimulatedQuantity[] {
  const loss = lossOf(description);
  if (loss === "square") return [...SQUARE, "objective"];
  return ["objective", ...LOSSES, ...(resolveLoss(loss).kind === "margin" ? CLASSIFICATION : SQUARE)];
}

/**
 * What was simulated, under theory's names.
 *
 * @example
 * ```ts
 * import { simulate, simulatedQuantities } from "replica-theory/simulation";
 * const { points } = await simulate(
 *   { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 },
 *   { dimension: 20, trials: 3, testSamples: 50, seed: 1, workers: 0 },
 * );
 * console.log(Object.keys(simulatedQuantities(points[0]))); // [ 'testError', 'trainError', 'objective' ]
 * ```
 */
export function simulatedQuantities(point: SimulationPoint): SimulatedQuantities {
  const all = everyQuantity(point);
  // Of labels ±1 that a loss of margins is about.
  const square = point.losses?.trainClassificationError === undefined;
  const names = SIMULATED_QUANTITIES.filter((name) => all[name] && (square || !isSquare(name)));
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

type SimulatedQuantities = { readonly [Q in SimulatedQuantity]?: Estimate };

/** All that was simulated, square errors of losses of margins among them. */
export function everyQuantity({ losses, ...point }: SimulationPoint): SimulatedQuantities {
  return { ...point, ...losses };
}

function isSquare(name: SimulatedQuantity): boolean {
  return (SQUARE as readonly SimulatedQuantity[]).includes(name);
}

/**
 * The error that a loss is about: of classification for losses of margins, else the test error.
 *
 * @throws ParameterError for an illegal loss.
 *
 * @example
 * ```ts
 * import { mainQuantity } from "replica-theory/simulation";
 * console.log(mainQuantity({ loss: "hinge" }), mainQuantity({ loss: { huber: 1 } })); // testClassificationError testError
 * ```
 */
export function mainQuantity(description: QuantityOwner): "testError" | "testClassificationError" {
  return resolveLoss(lossOf(description)).kind === "margin" ? "testClassificationError" : "testError";
}

/** That error in a trial. */
export function mainError({ testError, losses }: TrialPoint): number {
  return losses?.trainClassificationError === undefined ? testError : losses.testClassificationError;
}
