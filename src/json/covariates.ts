import { optimalRidge, type RidgeSign } from "../covariates/optimalRidge.ts";
import type { CovariateDescription, GaussianCovariates, StructuredRandomFeatures } from "../covariates/description.ts";
import type { AnyCovariateSolution } from "../covariates/solve.ts";
import { covariateSolvers } from "../curve/covariateSolvers.ts";
import { ParameterError } from "../errors.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { legalParameters, modelOf, refuseMissing } from "../parameters/legal.ts";
import { parameter, parametersOf, pointParametersOf } from "../parameters/table.ts";
import { RECENT_MODELS } from "../solve/recent.ts";
import { flattenOverlaps } from "./overlaps.ts";
import type { Fields, JsonResult } from "./results.ts";

/**
 * Reads a description of covariates from JSON data.
 *
 * @throws ParameterError that names an unknown field, the missing ones, or one of the wrong kind
 */
export function readCovariates(json: Fields): CovariateDescription & { readonly optimalRidge?: RidgeSign } {
  const model = modelOf(json);
  const fields = Object.fromEntries(parametersOf(model).map((name) => [name, parameter(name, model)]));
  const description = { ...fieldsFromJson(json, fields), model };
  legalParameters(description, ["samples", "sampleRatio", "widthRatio", "ridge"]);
  return description as unknown as CovariateDescription;
}

/** Solves cases of covariates one after the other; those of one model, in any order, share its spectrum. */
export function covariateCases(): (fields: Fields) => JsonResult {
  const solverOf = covariateSolvers(RECENT_MODELS);
  return (fields) => {
    const { optimalRidge: sign, ...description } = readCovariates(fields);
    if (sign !== undefined) return { ...bestRidge(description, sign) };
    refuseMissing(description, pointParametersOf(description.model));
    const result = solverOf(description).solve(description);
    return result.status === "converged" ? flattened(result) : { ...result };
  };
}

type RidgeModel = GaussianCovariates | StructuredRandomFeatures;

function bestRidge(description: object, sign: RidgeSign) {
  const { ridge, teacher, loss } = description as Partial<GaussianCovariates>;
  const others = { ridge, teacher, loss: loss === "square" ? undefined : loss };
  for (const [name, value] of Object.entries(others)) {
    if (value !== undefined) throw new ParameterError(name, value, "left out where the optimal ridge is asked for");
  }
  refuseMissing(description, ["samples"]);
  return optimalRidge(description as RidgeModel, sign);
}

/** Overlaps beside the other quantities. */
function flattened(solution: AnyCovariateSolution): JsonResult {
  if (!("overlaps" in solution)) return { ...solution };
  const { overlaps, ...rest } = solution;
  return { ...rest, ...flattenOverlaps(overlaps, false) };
}
