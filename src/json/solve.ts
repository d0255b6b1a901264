import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { modelSolvers, multiIndexSolvers } from "../solve/modelSolver.ts";
import { RECENT_MODELS } from "../solve/recent.ts";
import type { Model } from "../model/model.ts";
import { gradientStepMap } from "../model/gradientStep.ts";
import type { ModelParameters } from "../parameters/description.ts";
import { labelsOf } from "../model/signLabels.ts";
import { noticesOf } from "../model/stepHypotheses.ts";
import { checkReadout } from "../model/validation.ts";
import { legalParameters } from "../parameters/legal.ts";
import { isCovariateName } from "../parameters/models.ts";
import { POINT_PARAMETERS } from "../parameters/table.ts";
import { finiteSizeNotice } from "../ridge/finiteSize.ts";
import { classificationOf, statisticsOf } from "../statistics/statistics.ts";
import type { Case } from "./cases.ts";
import { forCase, type JsonResult } from "./results.ts";
import { covariateCases } from "./covariates.ts";
import { solveDataSet } from "./dataSet.ts";
import { type PartialDescription, readDescription, withLossPoint } from "./description.ts";
import { isMultiIndex, multiIndexFromJson } from "../multiIndex/description.ts";
import { solveMultiIndex } from "./multiIndex.ts";
import { flattenLossOverlaps, flattenOverlaps, visibleMeans } from "./overlaps.ts";
import { statisticsAsked } from "./statisticsAsked.ts";

/**
 * Solves cases in the flat field names of the JSON interface, one result each, in order. A bad case gives
 * `{status: "error", error}` in its place. Cases of one model, in any order, share their tables and warm starts.
 *
 * A trained network without sampleRatio, widthRatio and ridge gives the map of its gradient step alone (theory §2).
 */
export function* solveCases(cases: Iterable<Case>): Generator<JsonResult> {
  const solvers = modelSolvers({ kept: RECENT_MODELS });
  const [solveCovariates, several] = [covariateCases(), multiIndexSolvers(RECENT_MODELS)];
  for (const item of cases) {
    yield forCase(item, (fields) => {
      if (fields["model"] === "dataSet") return solveDataSet(fields);
      if (isCovariateName(fields["model"])) return solveCovariates(fields);
      if (isMultiIndex(fields)) return solveMultiIndex(multiIndexFromJson(fields), several);
      const { statistics, described } = statisticsAsked(fields);
      return solveDescription(readDescription(described), solvers, statistics);
    });
  }
}

function solveDescription(
  description: PartialDescription,
  solvers: ReturnType<typeof modelSolvers>,
  members: readonly number[] | undefined,
): JsonResult {
  const { sampleRatio, widthRatio, ridge } = description;
  const pointless = sampleRatio === undefined && widthRatio === undefined && ridge === undefined;
  if (pointless && description.model === "trainedNetwork") {
    return { status: "converged", ...gradientStep(description) };
  }
  const complete = withLossPoint(description);
  const { loss = "square" } = complete;
  if (members && loss !== "square")
    throw new ParameterError("statistics", true, 'false for other losses than "square"');
  const { model, solve, state } = solvers(complete);
  const result = solve(complete);
  if (result.status !== "converged") return { ...result };
  const { status, overlaps, ...observables } = result;
  const solved = state && !("kind" in result) && { model, description, solution: result, state: state() };
  const flatten = "kind" in result ? flattenLossOverlaps : flattenOverlaps;
  const asLists = isNetworkTheory(complete) || "readoutValues" in complete;
  return {
    status,
    ...observables,
    ...(solved && members && statisticsOf(solved, members)),
    ...(solved && !members && complete.labels === "sign" && classificationOf(solved)),
    ...flatten(asLists ? overlaps : { ...overlaps, m: visibleMeans(model, overlaps) }, asLists),
    ...withNotices(stepOf(complete, model), finiteSizeNotice(result)),
  };
}

/** What the step made of a model, and what it could not do. */
interface StepFields {
  readonly notices: readonly string[];
  readonly [quantity: string]: unknown;
}
/** Of each model, whose points share it. */
const steps = new WeakMap<Model, StepFields>();

/** The fields with the notices of the point beside those of the model; without the field where there are none. */
function withNotices({ notices, ...step }: StepFields, more: readonly string[]): object {
  const all = [...notices, ...more];
  return all.length > 0 ? { ...step, notices: all } : step;
}

function stepOf(description: ModelParameters, model: Model): StepFields {
  const known = steps.get(model);
  if (known) return known;
  const step = {
    ...(description.model === "trainedNetwork" && gradientStep(description)),
    ...(isNetworkTheory(description) && networkStep(model)),
    notices: noticesOf(description),
  };
  steps.set(model, step);
  return step;
}

function isNetworkTheory(description: ModelParameters): boolean {
  return description.model === "trainedNetwork" && (description.theory ?? "network") === "network";
}

/** r, c_k, γ and the strengths of the row norms where they have a channel (theory §9). */
function networkStep({ derived, alignment }: Model) {
  const { rowNormStrength, ...step } = derived!;
  return { ...step, alignment, ...(rowNormStrength.some((strength) => strength > 0) && { rowNormStrength }) };
}

/** r, c (per readout value where they are listed) and γ of theory §2. */
function gradientStep(description: Extract<ModelParameters, { model: "trainedNetwork" }>) {
  const legal = legalParameters<"trainedNetwork">(description, POINT_PARAMETERS);
  const { values: readoutValues } = checkReadout(legal.readoutValues, legal.readoutFractions);
  const { target, meanNoise: labelNoise } = labelsOf(legal);
  const student = activation(legal.student, "student");
  const step = gradientStepMap({ ...legal, student, target, labelNoise, readoutValues });
  const { spikeStrength, bulkVariance, alignment } = step;
  return { spikeStrength, bulkVariance: description.readoutValues ? bulkVariance : bulkVariance[0]!, alignment };
}
