import { type EveryDescription, withSwept } from "../curve/sweep.ts";
import { nameInStep, type SweptName } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { searchOver } from "./axes.ts";
import { objective } from "./objective.ts";
import { evaluation, localMinima, type Optimum, type Place, result, SPACING } from "./optimum.ts";

/** The value of a parameter that is to be tuned. */
export const OPTIMAL = "optimal";

/** Scans between neighbouring points of a sweep, on the natural scale by the number of tuned parameters. */
const FOLLOWING = [4.6, 4.6, 5, 6];

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

/**
 * Tunes one description after another, each from the optimum of the one before and a coarse scan for others that may have
 * become lower.
 *
 * @param model a description of the model, whatever its point
 * @param names parameters to tune for the smallest test error, or the smallest `minimise`
 */
export function tuner(
  model: object,
  names: readonly SweptName[],
  minimise = mainQuantity(model),
): (description: object) => Optimum {
  const search = searchOver(model, names);
  const target = objective(minimise);
  let [last, previous]: (Place | undefined)[] = [];
  return (description) => {
    const at = evaluation(description, search, target);
    const minima = localMinima(search, at, last ? FOLLOWING : SPACING, extrapolated(previous, last));
    [previous, last] = [last, minima[0]?.place];
    return result(search, target, minima);
  };
}

/** The next place of two in a row, as far as they differ in coordinates. */
function extrapolated(previous: Place | undefined, last: Place | undefined): Place | undefined {
  return last?.map((item, axis) => {
    const before = previous?.[axis];
    return typeof item === "number" && typeof before === "number" ? 2 * item - before : item;
  });
}

/** The description at its optimum, if anything of it is to be tuned. */
export function tunedDescription(
  description: object,
  tune: ((description: object) => Optimum) | undefined,
): EveryDescription {
  return withSwept(description, tune?.(description).at ?? {}) as EveryDescription;
}

/** @throws ParameterError for a tuned parameter that is swept as well */
export function checkTuned(names: readonly SweptName[], swept: readonly string[]): void {
  for (const name of names) {
    if (swept.includes(name)) throw new ParameterError("sweep", name, `parameters that are not "${OPTIMAL}"`);
  }
}
