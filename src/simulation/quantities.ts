import { ParameterError } from "../errors.ts";
import { lossOf } from "../loss/describedLoss.ts";
import { resolveLoss } from "../loss/lossInput.ts";
import type { AnyDescription, LossInput } from "../model/description.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { hasSigns } from "../parameters/labels.ts";
import { FRESH_DIRECTIONS } from "./pairMembers.ts";
import { isCovariates, type SimulatedDescription } from "./specification.ts";
import type { Estimate } from "./statistics.ts";
import type { SimulationPoint } from "./summary.ts";
import type { TrialPoint } from "./trial.ts";
import { SIMULATED_STATISTICS, type SimulatedStatistic } from "./trialStatistics.ts";

/** What a simulation has of a point beside theory, under theory's names. */
export const SIMULATED_QUANTITIES = [
  "testError",
  "trainError",
  "objective",
  "testLoss",
  "trainLoss",
  "testClassificationError",
  "trainClassificationError",
  ...SIMULATED_STATISTICS,
] as const;
/** One of {@link SIMULATED_QUANTITIES}. */
export type SimulatedQuantity = (typeof SIMULATED_QUANTITIES)[number];

const LOSSES = ["testLoss", "trainLoss"] as const;
const CLASSIFICATION = ["testClassificationError", "trainClassificationError"] as const;
const SQUARE = ["testError", "trainError"] as const;

/**
 * The quantities that theory has for a model and its loss: square errors are not among those of a loss of margins, training errors of
 * classification not among those of real labels, and pairs of networks have the square loss.
 */
export function quantitiesOf(description: SimulatedDescription): readonly SimulatedQuantity[] {
  const loss = lossOf(description);
  if (loss === "square") return [...SQUARE, "objective", ...statisticsOf(description)];
  if (resolveLoss(loss).kind === "margin") return ["objective", ...LOSSES, ...CLASSIFICATION];
  const [test, train] = CLASSIFICATION;
  return ["objective", ...LOSSES, ...SQUARE, test, ...(hasSignLabels(description) ? [train] : [])];
}

/**
 * The quantities of a name or of several.
 *
 * @throws ParameterError unless they are one or more that the model and its loss have, each once
 */
export function simulatedQuantitiesAsked(
  asked: SimulatedQuantity | readonly SimulatedQuantity[],
  description: SimulatedDescription,
): readonly SimulatedQuantity[] {
  const quantities = typeof asked === "string" ? [asked] : asked;
  const legal = quantitiesOf(description);
  const unknown = quantities.find((name) => !legal.includes(name));
  if (unknown !== undefined) throw new ParameterError("quantity", unknown, `one of ${legal.join(", ")}`);
  if (quantities.length === 0 || new Set(quantities).size < quantities.length) {
    throw new ParameterError("quantity", asked, "one or more names, each once");
  }
  return quantities;
}

/** Labels of covariates are signs by their teacher, of other models where they are said to be. */
function hasSignLabels(description: SimulatedDescription): boolean {
  const { teacher } = description as { readonly teacher?: string };
  if (isCovariates(description)) return teacher !== undefined && teacher !== "regression";
  return hasSigns(description as AnyDescription);
}

/** Whether simulating a quantity takes pairs of networks. */
export function needsPairs(quantity: SimulatedQuantity, description: SimulatedDescription): boolean {
  if (quantity === "classificationError") return !hasSignLabels(description);
  return (SIMULATED_STATISTICS as readonly SimulatedQuantity[]).includes(quantity);
}

function statisticsOf(description: SimulatedDescription): readonly SimulatedStatistic[] {
  if (isCovariates(description) || isMultiIndex(description)) return [];
  const { model, readoutValues = [1] } = description as AnyDescription & { readonly readoutValues?: readonly number[] };
  const direction = model === "trainedNetwork" ? "freshStep" : "freshSpike";
  return SIMULATED_STATISTICS.filter((name) => {
    if (!(FRESH_DIRECTIONS as readonly string[]).includes(name)) return true;
    return readoutValues.length === 1 && name.startsWith(direction);
  });
}

/**
 * What was simulated, under theory's names.
 *
 * @param description the model, which says what theory has; without it square errors of labels ±1 are left out
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
export function simulatedQuantities(point: SimulationPoint, description?: SimulatedDescription): SimulatedQuantities {
  const all = everyQuantity(point);
  if (description) {
    const own = quantitiesOf(description).filter((name) => all[name]);
    return { ...Object.fromEntries(own.map((name) => [name, all[name]])), ...ensemblesOf(point) };
  }
  // Of labels ±1 that a loss of margins is about.
  const square = point.losses?.trainClassificationError === undefined;
  const names = SIMULATED_QUANTITIES.filter((name) => all[name] && (square || !isSquare(name)));
  return Object.fromEntries(names.map((name) => [name, all[name]]));
}

type SimulatedQuantities = { readonly [Q in SimulatedQuantity]?: Estimate };

/** All that was simulated, square errors of losses of margins among them. */
export function everyQuantity({ losses, statistics, ...point }: SimulationPoint): SimulatedQuantities {
  return { ...point, ...losses, ...statistics };
}

/** Square errors of the means of as many networks as were asked for. */
function ensemblesOf({ statistics = {} }: SimulationPoint): SimulatedQuantities {
  return Object.fromEntries(Object.entries(statistics).filter(([name]) => name.startsWith("ensembles.")));
}

function isSquare(name: SimulatedQuantity): boolean {
  return (SQUARE as readonly SimulatedQuantity[]).includes(name);
}

/** That error in a trial of a loss. */
export function mainError(loss: LossInput = "square"): (point: TrialPoint) => number {
  const isMargin = resolveLoss(loss).kind === "margin";
  return ({ testError, losses }) => (isMargin ? losses!.testClassificationError : testError);
}
