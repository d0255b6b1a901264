import { withSwept } from "../curve/sweep.ts";
import { isModelParameter, type SweptName } from "../parameters/table.ts";
import { objective } from "./objective.ts";
import type { Estimate } from "../numerics/stencil.ts";
import { checkTuned, tunedDescription, tunedNames, tuner } from "./tuner.ts";
import { mapped } from "../numerics/mapped.ts";

/** An observable as a function of two parameters. */
export interface PlaneObservable {
  readonly at: (x: number, y: number) => Estimate | undefined;
  /** Whether the first parameter changes more of a model than the second, so that neighbours along that have more in common. */
  readonly slower: (first: SweptName, second: SweptName) => boolean;
  readonly refusal: string | undefined;
}

/**
 * The observable of a description, or its difference to that of another. What a description leaves as "optimal" is tuned
 * for the smallest test error at each point.
 */
export function planeObservable(
  description: object,
  minus: object | undefined,
  quantity: string,
  names: readonly [SweptName, SweptName],
): PlaneObservable {
  const parts = [description, ...(minus ? [minus] : [])].map((part) => {
    const tuned = tunedNames(part);
    checkTuned(tuned, names);
    const observable = objective(quantity, "quantity");
    const tune = tuned.length > 0 ? tuner(part, tuned) : undefined;
    return {
      observable,
      at: (x: number, y: number) =>
        observable.evaluate(tunedDescription(withSwept(part, { [names[0]]: x, [names[1]]: y }), tune)),
    };
  });
  return {
    at: (x, y) => {
      const [first, second] = mapped(parts, (part) => part.at(x, y));
      if (!first || (minus && !second)) return undefined;
      return second ? { value: first.value - second.value, error: first.error + second.error } : first;
    },
    slower: (first, second) => changeOf(first) > changeOf(second),
    get refusal() {
      return mapped(parts, ({ observable }) => observable.refusal).find((reason) => reason !== undefined);
    },
  };
}

/** Parameters that leave the law of the label given κ as it is. */
const WITHOUT_LABEL: readonly SweptName[] = ["learningRate", "spikeStrength", "bulkVariance"];

/** How much of a model a parameter changes: nothing, the features, or the label given κ as well. */
function changeOf(name: SweptName): number {
  if (!isModelParameter(name)) return 0;
  return WITHOUT_LABEL.includes(name) ? 1 : 2;
}
