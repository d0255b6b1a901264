import { activation } from "../activation/activation.ts";
import { modelSolvers } from "../curve/modelSolver.ts";
import { ParameterError } from "../errors.ts";
import type { ConditionalFeatureStatistics } from "../model/conditionalFeatureStatistics.ts";
import { gradientStepMap } from "../model/gradientStep.ts";
import type { ModelParameters } from "../model/statistics.ts";
import { check, checkReadout, RANGES } from "../model/validation.ts";
import type { Case } from "./cases.ts";
import { type PartialDescription, readDescription, withPoint } from "./description.ts";
import { errorData, type JsonError } from "./errors.ts";
import { flattenOverlaps, visibleMeans } from "./overlaps.ts";

/** The result of one case, ready to be encoded. */
export type JsonResult = { readonly id?: unknown } & (
  | { readonly status: "error"; readonly error: JsonError }
  | { readonly status: string; readonly [field: string]: unknown }
);

/** Fields of a case that say nothing about the model. */
const NOTES = ["id", "description", "comment", "expected"];

/**
 * Solves cases in the flat field names of the JSON interface, one result each, in order. A bad case gives
 * `{status: "error", error}` in its place. Consecutive cases of one model share their statistics and warm starts.
 *
 * A trained network without sampleRatio, widthRatio and ridge gives the map of its gradient step alone (theory §2).
 */
export function* solveCases(cases: Iterable<Case>): Generator<JsonResult> {
  const solvers = modelSolvers();
  for (const item of cases) yield forCase(item, (description) => solveDescription(description, solvers));
}

/** Runs a calculation on the description of a case, without its notes; errors become the result. */
export function forCase(item: Case, calculate: (description: PartialDescription) => JsonResult): JsonResult {
  if ("unreadable" in item) return { status: "error", error: errorData(item.unreadable) };
  const { data } = item;
  const fields = data as Readonly<Record<string, unknown>>;
  const isObject = typeof data === "object" && data !== null && !Array.isArray(data);
  const id = isObject && Object.hasOwn(fields, "id") ? { id: fields["id"] } : {};
  try {
    if (!isObject) throw new ParameterError("case", data, "an object with the fields of a model");
    const relevant = Object.entries(fields).filter(([name]) => !NOTES.includes(name));
    return { ...id, ...calculate(readDescription(Object.fromEntries(relevant))) };
  } catch (error) {
    return { ...id, status: "error", error: errorData(error) };
  }
}

function solveDescription(description: PartialDescription, solvers: ReturnType<typeof modelSolvers>): JsonResult {
  const { sampleRatio, widthRatio, ridge } = description;
  const pointless = sampleRatio === undefined && widthRatio === undefined && ridge === undefined;
  if (pointless && description.model === "trainedNetwork") {
    return { status: "converged", ...gradientStep(description) };
  }
  const complete = withPoint(description);
  const { statistics, solve } = solvers(complete);
  const result = solve(complete);
  if (result.status !== "converged") return { ...result };
  const { status, overlaps, ...observables } = result;
  const asLists = isNetworkTheory(complete) || "readoutValues" in complete;
  return {
    status,
    ...observables,
    ...flattenOverlaps(asLists ? overlaps : { ...overlaps, m: visibleMeans(statistics, overlaps) }, asLists),
    ...(complete.model === "trainedNetwork" && gradientStep(complete)),
    ...(isNetworkTheory(complete) && networkStep(statistics)),
  };
}

function isNetworkTheory(description: ModelParameters): boolean {
  return description.model === "trainedNetwork" && (description.theory ?? "network") === "network";
}

/** r, c_k, γ and the strengths of the row norms where they have a channel (theory §9). */
function networkStep({ derived, alignment }: ConditionalFeatureStatistics) {
  const { rowNormStrength, ...step } = derived!;
  return { ...step, alignment, ...(rowNormStrength.some((strength) => strength > 0) && { rowNormStrength }) };
}

/** r, c (per readout value where they are listed) and γ of theory §2. */
function gradientStep(description: Extract<ModelParameters, { model: "trainedNetwork" }>) {
  const { values } = checkReadout(description.readoutValues, description.readoutFractions);
  const { spikeStrength, bulkVariance, alignment } = gradientStepMap({
    student: activation(description.student, "student"),
    target: activation(description.target, "target"),
    learningRate: check("learningRate", description.learningRate, RANGES.finite),
    stepSampleRatio: check("stepSampleRatio", description.stepSampleRatio, RANGES.nonNegativeOrInfinite),
    labelNoise: check("labelNoise", description.labelNoise ?? 0, RANGES.nonNegative),
    readoutValues: values,
  });
  return { spikeStrength, bulkVariance: description.readoutValues ? bulkVariance : bulkVariance[0]!, alignment };
}
