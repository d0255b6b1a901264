import { ParameterError } from "../errors.ts";
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

/** Points tried between the neighbours of the best ridge of the grid, and how often. */
const [BETWEEN, ROUNDS] = [9, 2];

/** The curve with a given linear algebra. */
export function curveOfData(options: DataCurveOptions, algebra: (kernels: Kernels) => LinearAlgebra): DataCurve {
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
  const best = samples.flatMap((_, i) => bestOf(data, rows.slice(i * ridges.length, (i + 1) * ridges.length), anchor));
  return { rows, best, sampleCount: data.labels.length, rank: rankOf(data.spectrum) };
}

function listOf(name: string, values: Iterable<number>): readonly number[] {
  const list = [...values];
  if (list.length === 0) throw new ParameterError(name, list, "at least one value");
  return list;
}

/** The best of the grid, then of points between its neighbours; conditional errors are compared on the grid alone. */
function bestOf(data: DecomposedData, rows: readonly DataResult[], anchor: Anchor): BestRidge[] {
  let known = rows.filter((row): row is DataRow => row.status === "converged").sort((a, b) => a.ridge - b.ridge);
  if (known.length === 0) return [];
  for (let round = 0; round < ROUNDS && anchor !== "conditional"; round++) {
    const at = known.indexOf(least(known));
    const [low, high] = [known[Math.max(0, at - 1)]!.ridge, known[Math.min(known.length - 1, at + 1)]!.ridge];
    if (!(low > 0 && high > low)) break;
    const points = Array.from({ length: BETWEEN }, (_, i) => {
      return { samples: known[0]!.samples, ridge: low * (high / low) ** ((i + 1) / (BETWEEN + 1)) };
    });
    const more = predict(data, points, anchor).filter((row): row is DataRow => row.status === "converged");
    known = [...known, ...more].sort((a, b) => a.ridge - b.ridge);
  }
  const { samples, ridge, testError, standardError } = least(known);
  return [{ samples, ridge, testError, standardError }];
}

function least(rows: readonly DataRow[]): DataRow {
  return rows.reduce((best, row) => (row.testError < best.testError ? row : best));
}
