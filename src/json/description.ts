import type { EveryCurveDescription, EveryDescription } from "../curve/sweep.ts";
import { ParameterError } from "../errors.ts";
import { isMultiIndex, legalMultiIndex, multiIndexFromJson } from "../multiIndex/description.ts";
import type { AnyDescription, LossParameters, ModelDescription, ModelParameters } from "../parameters/description.ts";
import type { CovariateDescription } from "../covariates/description.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { legalParameters, modelOf, refuseMissing } from "../parameters/legal.ts";
import {
  parameter,
  parametersOf,
  pointParametersOf,
  POINT_PARAMETERS,
  type PointParameter,
} from "../parameters/table.ts";

/** A description whose point (α, β, λ) may be missing. */
export type PartialDescription = ModelParameters & { readonly [P in PointParameter]?: number } & LossParameters;

/**
 * Reads a description from JSON data.
 *
 * @param absent required fields that may be missing; default those of the point
 * @throws ParameterError that names an unknown field, the missing ones, or one of the wrong kind
 */
export function readDescription(
  json: Readonly<Record<string, unknown>>,
  absent: readonly string[] = POINT_PARAMETERS,
): PartialDescription {
  const model = modelOf(json);
  const fields = Object.fromEntries(parametersOf(model).map((name) => [name, parameter(name, model)]));
  const description = { ...fieldsFromJson(json, fields), model };
  legalParameters(description, absent);
  return description as unknown as PartialDescription;
}

/**
 * Reads a description of any network from JSON data: with several steps or directions, too.
 *
 * @param absent required fields that may be missing; default those of the point
 * @throws ParameterError as {@link readDescription}
 */
export function readPartial(
  json: Readonly<Record<string, unknown>>,
  absent: readonly string[] = POINT_PARAMETERS,
): EveryCurveDescription {
  if (!isMultiIndex(json)) return readDescription(json, absent);
  const description = multiIndexFromJson(json);
  legalMultiIndex(description, absent);
  return description;
}

/** A description of any network that has all of its point. */
export function completeDescription(description: EveryCurveDescription): EveryDescription {
  if (!isMultiIndex(description)) return withLossPoint(description as PartialDescription);
  legalMultiIndex(description);
  return description;
}

/** The description with its point, all three of them, for a calculation that knows the square loss alone. */
export function withPoint(description: PartialDescription): ModelDescription {
  const complete = withLossPoint(description);
  const { loss, labels, labelFlips } = description;
  if (labelFlips !== undefined && labels !== "sign")
    throw new ParameterError("labelFlips", labelFlips, "left out for this calculation");
  if (loss !== undefined && loss !== "square") throw new ParameterError("loss", loss, `"square" for this calculation`);
  return complete as ModelDescription;
}

/** The description of any model but those of several directions, with the point that its model has. */
export function withAnyPoint(description: { readonly model?: unknown }): AnyDescription | CovariateDescription {
  refuseMissing(description, pointParametersOf(modelOf(description)));
  return description as AnyDescription | CovariateDescription;
}

/** The description with its point, all three of them, for any loss. */
export function withLossPoint(description: PartialDescription): AnyDescription {
  refuseMissing(description, POINT_PARAMETERS);
  return description as AnyDescription;
}
