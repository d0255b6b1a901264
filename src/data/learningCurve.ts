import { ParameterError, requireFields } from "../errors.ts";
import type { LinearAlgebra } from "../simulation/linearAlgebra.ts";
import type { Kernels } from "../simulation/workspace.ts";
import {
  type Anchor,
  ANCHORS,
  checkDataPoint,
  type DataPoint,
  type DataResult,
  type DataRow,
  predict,
} from "./dataCurve.ts";
import type { DataSet } from "./dataSet.ts";
import { type DecomposedData, decompose } from "./eigensystem.ts";
import { rankOf } from "./transport.ts";

/** Data set and grid of a learning curve. */
export interface DataCurveOptions extends DataSet {
  /** n of each point. */
  readonly samples: Iterable<number>;
  /** λ of each point, not divided by n. */
  readonly ridges: Iterable<number>;
  /** Whether a constant is fitted; default false. */
  readonly intercept?: boolean;
  /** What the errors rest on; default "loo". */
  readonly anchor?: Anchor;
  /** Called after each point of the conditional anchor, which takes N³. */
  readonly onProgress?: (completed: number, total: number) => void;
}

/** The best ridge at one n. */
export interface BestRidge extends DataPoint {
  readonly testError: number;
  readonly standardError: number;
}

/** Learning curve predicted from one data set. */
export interface DataCurve {
  /** Every n with every λ, λ fastest. */
  readonly rows: readonly DataResult[];
  /** The best λ of each n, between the least and the largest of the grid; none where no point is determined. */
  readonly best: readonly BestRidge[];
  /** N */
  readonly sampleCount: number;
  /** Rank of the Gram matrix. */
  readonly rank: number;
}

/** Ridges tried between the neighbours of the best one of the grid. */
const ROUNDS = 8;
/** A gain of this part of the test error is none beside its standard error. */
const NO_GAIN = 1e-5;

/** The curve with the linear algebra that is asked for: that is looked up when options are known to be there. */
export function curveOfData<Options extends DataCurveOptions>(
  options: Options,
  algebraFor: (options: Options) => (kernels: Kernels) => LinearAlgebra,
): DataCurve {
  requireFields("options", options, ["labels"], "an object with features or gram, labels, samples and ridges");
  const algebra = algebraFor(options);
  const { intercept = false, anchor = "loo", onProgress } = options;
  if (!ANCHORS.includes(anchor)) throw new ParameterError("anchor", anchor, `one of ${ANCHORS.join(", ")}`);
  if (intercept && anchor === "conditional") {
    throw new ParameterError("anchor", anchor, '"gcv" or "loo" with an intercept');
  }
  const [samples, ridges] = [listOf("samples", options.samples), listOf("ridges", options.ridges)];
  const points = samples.flatMap((n) => ridges.map((ridge) => ({ samples: n, ridge })));
  for (const point of points) checkDataPoint(point, intercept);
  const data = decompose(options, { intercept, keepGram: anchor === "conditional", algebra });
  const rows = predict(data, points, anchor, (done) => onProgress?.(done, points.length));
  const curves = samples.map((_, i) => rows.slice(i * ridges.length, (i + 1) * ridges.length));
  return { rows, best: bestRidges(data, curves, anchor), sampleCount: data.labels.length, rank: rankOf(data.spectrum) };
}

function listOf(name: string, values: Iterable<number>): readonly number[] {
  const given: unknown = values;
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given)) {
    throw new ParameterError(name, given, "a list of numbers");
  }
  const list = [...values];
  if (list.length === 0) throw new ParameterError(name, list, "at least one value");
  return list;
}

/** The best ridge of each n: of the grid, then between its neighbours. */
function bestRidges(data: DecomposedData, curves: readonly (readonly DataResult[])[], anchor: Anchor): BestRidge[] {
  let known = curves.map(determined).filter((rows) => rows.length > 0);
  // Conditional errors, N³ each, are compared on the grid alone.
  for (let round = 0; round < ROUNDS && anchor !== "conditional"; round++) {
    const points = known.flatMap((rows, curve) => {
      const ridge = vertex(rows);
      return ridge === undefined ? [] : [{ curve, point: { samples: rows[0]!.samples, ridge } }];
    });
    if (points.length === 0) break;
    const tried = predict(
      data,
      points.map(({ point }) => point),
      anchor,
    );
    known = known.map((rows, curve) => determined([...rows, ...tried.filter((_, i) => points[i]!.curve === curve)]));
  }
  return known.map((rows) => {
    const { samples, ridge, testError, standardError } = least(rows);
    return { samples, ridge, testError, standardError };
  });
}

/** Converged rows by increasing ridge. */
function determined(rows: readonly DataResult[]): readonly DataRow[] {
  return rows.filter((row): row is DataRow => row.status === "converged").sort((a, b) => a.ridge - b.ridge);
}

/**
 * Ridge at the vertex of the parabola, in ln λ, through the least error and its neighbours; none at an end of the grid, beside
 * λ = 0, or where the parabola promises no gain.
 */
function vertex(rows: readonly DataRow[]): number | undefined {
  const at = rows.indexOf(least(rows));
  const [left, middle, right] = [rows[at - 1], rows[at]!, rows[at + 1]];
  if (!left || !right || !(left.ridge > 0)) return undefined;
  const [below, above] = [Math.log(left.ridge / middle.ridge), Math.log(right.ridge / middle.ridge)];
  const [low, high] = [(left.testError - middle.testError) / below, (right.testError - middle.testError) / above];
  const curvature = (high - low) / (above - below);
  const slope = low - curvature * below;
  const gain = slope ** 2 / (4 * curvature);
  if (!(gain > NO_GAIN * middle.testError)) return undefined;
  return middle.ridge * Math.exp(-slope / (2 * curvature));
}

function least(rows: readonly DataRow[]): DataRow {
  return rows.reduce((best, row) => (row.testError < best.testError ? row : best));
}
