import { describedSolvers, type EveryCurveDescription } from "../curve/sweep.ts";
import { refuseUnknown } from "../parameters/legal.ts";
import { requireDescription, requireFields } from "../errors.ts";
import type { Estimate } from "../numerics/stencil.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { type Budget, type Over, type Search, searchOver } from "./axes.ts";
import { approached, type EvaluateOn, withDistance } from "./approach.ts";
import { distinct, type FoundMinimum, minimumAt, type Optimum, result } from "./minimum.ts";
import { asksFiniteSize, objective } from "./objective.ts";
import { type Evaluate, evaluation, type Place, valuesAt, withItem } from "./place.ts";
import { RECENT_MODELS } from "../solve/recent.ts";
import { polishedPlace, slopeAlong } from "./polish.ts";
import { localMinima } from "./refinement.ts";
import { scanned, scanOf, SPACING } from "./searchScan.ts";

/** Parameters to tune, the number to minimise, and what is kept fixed. */
export interface OptimumOptions {
  /** One to four parameters that a curve may run over; as an object, each with the range to look in. */
  readonly over: Over;
  /** Name of the number to minimise; default testError, of losses of margins testClassificationError. Overlaps are psi, or psi[1] of the second group; variance and its like are those of statistics. */
  readonly minimise?: string;
  /** A total to be divided; a number is that of α₀ + α. */
  readonly budget?: number | Budget;
  /** Hears of every place that is tried: how many there were. How many there will be is not known. */
  readonly onProgress?: (tried: number) => void;
}

/**
 * Best values of one to four parameters: a scan of their natural scales, legal limits included, and Newton's method from
 * every local minimum of it; along one parameter with a formula for the derivative, its zero. Parameters are measured in the units of
 * the description (theory §1, covariates §1), so that the search is the same whatever these are. The scan sees what is wider than half a
 * decade in one dimension, one decade in two.
 *
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if no point of the search has a solution
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1, sampleRatio: 1, widthRatio: 1 };
 * const { at, value } = optimum(model, { over: ["ridge"] });
 * [at.ridge.toFixed(6), value.toFixed(8)]; // ["0.363240", "0.43189890"]
 */
export function optimum(description: EveryCurveDescription, options: OptimumOptions): Optimum {
  requireDescription(description);
  requireFields("options", options, ["over"], "an object with over: the parameters to choose");
  refuseUnknown({ ...options }, ["over", "minimise", "budget", "onProgress"], "no option of optimum");
  const { over, minimise = mainQuantity(description), budget, onProgress } = options;
  const search = searchOver(description, over, budget);
  const target = objective(
    minimise,
    "minimise",
    describedSolvers({ kept: RECENT_MODELS, finiteSize: asksFiniteSize(minimise) }),
  );
  const counter = counted(onProgress);
  const evaluateOn: EvaluateOn = (of) => remembered(counter(evaluation(description, of, target)));
  const at = evaluateOn(search);
  const minima = localMinima(search, at, scanned(scanOf(search, SPACING, true), at)).map((found) => {
    const near = approached(found, search, evaluateOn);
    return budget === undefined
      ? { ...near, ...polished(description, near.search, minimise, evaluateOn(near.search), near) }
      : near;
  });
  return result(search, target, distinct(minima).map(withDistance));
}

/** A minimum along one parameter alone, by the zero of the derivative where there is a formula for it. */
function polished(
  description: object,
  search: Search,
  observable: string,
  at: Evaluate,
  found: FoundMinimum,
): FoundMinimum {
  const axis = found.place.findIndex((item) => typeof item === "number");
  if (axis < 0 || found.place.filter((item) => typeof item === "number").length > 1) return found;
  const placeAt = (u: number): Place => withItem(found.place, axis, u);
  const { name, scale } = search.axes[axis]!;
  const slope = slopeAlong(description, search, axis, observable, (u) =>
    search.parametersAt(valuesAt(search, placeAt(u))),
  );
  const error = scale.coordinateOf(found.at[name]! + found.placeError[name]!) - scale.coordinateOf(found.at[name]!);
  const better = polishedPlace(slope, { u: found.place[axis] as number, error });
  const value = better && at(placeAt(better.u));
  return value && better.error < error ? minimumAt(search, placeAt(better.u), value, [better.error]) : found;
}

/** Each place looked at once: stencils and looks beside ends meet places of the scan. */
function remembered(at: Evaluate): Evaluate {
  const known = new Map<string, Estimate | undefined>();
  return (place) => {
    const key = place.join();
    if (!known.has(key)) known.set(key, at(place));
    return known.get(key);
  };
}

function counted(onProgress: OptimumOptions["onProgress"]): (at: Evaluate) => Evaluate {
  let tried = 0;
  return (at) => (place) => {
    onProgress?.(++tried);
    return at(place);
  };
}
