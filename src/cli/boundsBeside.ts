import type { CurveTheory } from "../compare/rows.ts";
import { type CurveParameters, withSwept } from "../curve/sweep.ts";
import { isCovariateDescription } from "../curve/solve.ts";
import { ParameterError } from "../errors.ts";
import { featureModel } from "../model/featureModel.ts";
import { isMultiIndex } from "../multiIndex/description.ts";
import { boundsOf } from "../observables/bounds.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { isModelParameter, type SweptName } from "../parameters/table.ts";
import type { CurveTask } from "./curveOptions.ts";

/** Bounds of a row's model, where its figure shows them. */
interface RowBounds {
  readonly lowerBound?: number;
  readonly upperBound?: number;
  readonly bayesTestError?: number;
}

/** Finds the bounds of a row of a theory; `isBetween`: of one that only makes a line smooth. */
export type BoundsBeside = (theory: CurveTheory, row: CurveParameters, isBetween: boolean) => RowBounds;

/**
 * What any readout of the features can reach beside the rows, for the references of a figure that shows it; the bounds of a model, which
 * α, β and λ do not change, are computed once.
 *
 * @throws ParameterError for a model whose bounds are not known
 */
export function boundsBeside({ theories, sweep, baselines = [] }: CurveTask): BoundsBeside {
  if (!baselines.some((name) => name === "lower" || name === "upper")) return () => ({});
  if (theories.some(({ description }) => isCovariateDescription(description) || isMultiIndex(description))) {
    throw new ParameterError("baselines", baselines, "linear or none for this model: it has no bounds");
  }
  const names = (Object.keys(sweep) as SweptName[]).filter(isModelParameter);
  const known = new Map<string, RowBounds>();
  return (theory, row) => {
    const at = Object.fromEntries(names.map((name) => [name, row[name]])) as CurveParameters;
    const key = JSON.stringify([theories.indexOf(theory), ...Object.values(at).map(String)]);
    const bounds = known.get(key) ?? computed(withSwept(theory.description, at) as ModelParameters);
    known.set(key, bounds);
    return bounds;
  };
}

function computed(description: ModelParameters): RowBounds {
  const { lower, upper } = boundsOf(featureModel(description));
  return { lowerBound: lower.testError, upperBound: upper.testError };
}
