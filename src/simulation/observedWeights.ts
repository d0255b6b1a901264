import { ParameterError } from "../errors.ts";
import type { TrialContext } from "./arena.ts";
import { dot, rowRange, type Matrix } from "./matrix.ts";
import type { StartedTrial } from "./startedTrial.ts";
import { squaredNorm } from "./weights.ts";

/** Singular values of the p×d weights, and squared overlaps of the top singular vectors. */
export interface ObservedWeights {
  /** min(p, d) of them, descending. */
  readonly singularValues: readonly number[];
  /** ⟨v̂, v⟩²: right singular vector and spike direction. */
  readonly input: number;
  /** ⟨û₁, û⟩²: left singular vector and the spike's direction over the neurons. */
  readonly readout: number;
  /** ⟨v̂, θ⟩² */
  readonly target: number;
}

/**
 * Spectrum of the weights of a started trial. The specification has the ridge 0 and the sample ratio min(1, β), which together make
 * room for the smaller Gram matrix of the weights and its eigenvectors.
 *
 * @throws ParameterError if there is no such room
 */
export function observeWeights(context: TrialContext, { directions, readout }: StartedTrial): ObservedWeights {
  const { arena, algebra, plan, specification } = context;
  const { weights } = arena;
  const side = Math.min(weights.rows, weights.columns);
  if (plan.dualSamples !== side) {
    throw new ParameterError("sampleRatios", specification.sampleRatios, "min(1, widthRatio), to make room");
  }
  const gram = arena.dualGram;
  const wide = weights.rows <= weights.columns;
  if (wide) algebra.rowGram(gram, 1, weights);
  else algebra.columnGram(gram, 1, weights, 0);
  const values = arena.eigenvalues.subarray(0, side);
  algebra.symmetricEigen(gram, values, arena.eigenvalues.subarray(side, 2 * side), true);
  const order = Array.from(values, (_, i) => i).sort((i, j) => values[j]! - values[i]!);
  const top = rowRange(gram, order[0]!, 1).data.slice(0, side);
  const [left, right] = wide ? [top, timesTransposed(weights, top)] : [times(weights, top), top];
  const theta = new Float64Array(weights.columns);
  [theta[0], theta[1]] = directions.target;
  return {
    singularValues: order.map((i) => Math.sqrt(Math.max(0, values[i]!))),
    input: squaredCosine(right, directions.spike),
    readout: squaredCosine(left, readout),
    target: squaredCosine(right, theta),
  };
}

function times({ data, rows, columns, stride }: Matrix, x: Float64Array): Float64Array {
  return Float64Array.from({ length: rows }, (_, j) => dot(data.subarray(j * stride, j * stride + columns), x));
}

function timesTransposed({ data, rows, columns, stride }: Matrix, x: Float64Array): Float64Array {
  const result = new Float64Array(columns);
  for (let j = 0; j < rows; j++) for (let i = 0; i < columns; i++) result[i]! += x[j]! * data[j * stride + i]!;
  return result;
}

/** 0 for a direction that does not exist. */
function squaredCosine(x: Float64Array, y: Float64Array): number {
  const norms = squaredNorm(x) * squaredNorm(y);
  return norms > 0 ? dot(x, y) ** 2 / norms : 0;
}
