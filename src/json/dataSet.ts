import { ANCHORS, checkDataPoint, type DataPoint, type DataRow, predict } from "../data/dataCurve.ts";
import { decompose } from "../data/eigensystem.ts";
import { ParameterError } from "../errors.ts";
import { fieldsFromJson } from "../parameters/json.ts";
import { choice, FLAG, list, matrix, number, records } from "../parameters/kinds.ts";
import { legalFields } from "../parameters/legal.ts";
import { wasmAlgebra } from "../simulation/backends/wasm.ts";
import type { Fields, JsonResult } from "./results.ts";

const FIELDS = {
  model: { kind: choice("dataSet") },
  features: { kind: matrix(number("finite")), optional: "the Gram matrix is given" },
  gram: { kind: matrix(number("finite")), optional: "the features are given" },
  labels: { kind: list(number("finite")) },
  intercept: { kind: FLAG, default: false },
  anchor: { kind: choice(...ANCHORS), optional: "gcv, and conditional errors beside it for few samples" },
  points: { kind: records({ samples: { kind: number("positive") }, ridge: { kind: number("nonNegative") } }) },
} as const;

/** Samples up to which conditional errors come without being asked for. */
const FEW_SAMPLES = 300;

/**
 * Learning curve of a data set (covariates §5): `points` of samples and ridge in, `rows` out. Without an `anchor` the errors are
 * those of generalised cross validation, and small data sets have the conditional ones beside them.
 *
 * @throws ParameterError for data or points that cannot be used, or a point that the data do not determine
 */
export function solveDataSet(fields: Fields): JsonResult {
  const legal = legalFields(fieldsFromJson(fields, FIELDS), FIELDS, "no field of model dataSet");
  const { points, intercept = false, anchor, labels, features, gram } = legal;
  const checked = points.map((item) => checkDataPoint(item, intercept));
  if (intercept && anchor === "conditional") {
    throw new ParameterError("anchor", anchor, '"gcv" or "loo" with an intercept');
  }
  const data = { labels, ...(features && { features }), ...(gram && { gram }) };
  const dataSet = data as unknown as Parameters<typeof decompose>[0];
  const few = labels.length <= FEW_SAMPLES && !intercept && anchor === undefined;
  const keepGram = few || anchor === "conditional";
  const decomposed = decompose(dataSet, { intercept, keepGram, algebra: wasmAlgebra });
  const rows = predict(decomposed, checked, anchor ?? "gcv").map((row, i): DataRow => {
    if (row.status === "converged") return row;
    const name = row.status === "undetermined" ? `points[${i}]` : `points[${i}].ridge`;
    throw new ParameterError(name, row.status === "undetermined" ? points[i] : row.ridge, row.message);
  });
  if (!few) return { status: "converged", rows };
  const conditional = predict(decomposed, checked.filter(hasConditional(decomposed)), "conditional");
  return { status: "converged", rows: rows.map((row) => ({ ...row, ...conditionalOf(row, conditional) })) };
}

/** Points that have conditional errors: those at a ridge > 0 within the data. */
const hasConditional =
  ({ labels }: { readonly labels: Float64Array }) =>
  ({ samples, ridge }: DataPoint): boolean =>
    ridge > 0 && samples <= labels.length;

function conditionalOf(row: DataRow, all: ReturnType<typeof predict>): Partial<DataRow> {
  const found = all.find(({ samples, ridge }) => samples === row.samples && ridge === row.ridge);
  if (found?.status !== "converged") return {};
  const { conditionalTestError, conditionalTrainError } = found;
  return { conditionalTestError: conditionalTestError!, conditionalTrainError: conditionalTrainError! };
}
