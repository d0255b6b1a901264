import { type CurveParameters, describedSolvers, type EveryDescription, withSwept } from "../curve/sweep.ts";
import { nameInStep, type SweptName } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { approached, type EvaluateOn } from "./approach.ts";
import { searchOver } from "./axes.ts";
import { Follower } from "./following.ts";
import { result } from "./minimum.ts";
import { objective } from "./objective.ts";
import { evaluation } from "./place.ts";

/** The value of a parameter that is to be tuned. */
export const OPTIMAL = "optimal";

/** Names of the parameters of a description, and of the numbers of its steps, that are to be tuned. */
export function tunedNames(description: object): SweptName[] {
  const { steps } = description as { readonly steps?: unknown };
  const named = Object.entries(description);
  const ofSteps = (Array.isArray(steps) ? (steps as unknown[]) : []).flatMap((step, t) =>
    typeof step === "object" && step !== null
      ? Object.entries(step).map(([field, value]: [string, unknown]) => [nameInStep(t, field), value] as const)
      : [],
  );
  return [...named, ...ofSteps].flatMap(([name, value]) => (value === OPTIMAL ? [name as SweptName] : []));
}

/** The best place of a description. */
export type Tuner = (description: object) => CurveParameters;

/**
 * Tunes one description after another, each from the optima of those before and a coarse scan for others that may have
 * become lower. An open end is approached as by `optimum`.
 *
 * @param model a description of the model, whatever its point
 * @param names parameters to tune for the smallest test error, or the error rate of losses of margins
 * @param solvers where solved models are kept
 */
export function tuner(model: object, names: readonly SweptName[], solvers = describedSolvers()): Tuner {
  const search = searchOver(model, names);
  const target = objective(mainQuantity(model), "minimise", solvers);
  const follower = new Follower(search);
  return (description) => {
    const evaluateOn: EvaluateOn = (of) => evaluation(description, of, target);
    const [best] = follower.next(description, evaluateOn(search));
    return result(search, target, best ? [approached(best, search, evaluateOn)] : []).at;
  };
}

/** The description at its optimum, if anything of it is to be tuned. */
export function tunedDescription(description: object, tune: Tuner | undefined): EveryDescription {
  return (tune ? withSwept(description, tune(description)) : description) as EveryDescription;
}

/** @throws ParameterError for a tuned parameter that is swept as well */
export function checkTuned(names: readonly SweptName[], swept: readonly string[]): void {
  for (const name of names) {
    if (swept.includes(name)) throw new ParameterError("sweep", name, `parameters that are not "${OPTIMAL}"`);
  }
}
