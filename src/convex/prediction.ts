import type { SaddleState } from "./localState.ts";
import { type AverageRecord, type SaddleAverages, unknownsOf } from "./saddleAverages.ts";

/** Records closer than this, relative to where they are, say nothing of how the second derivatives change. */
const LEAST_DISTANCE = 1e-5;

/**
 * The averages near recorded ones: they hang on the unknowns alone, not on α, β or λ, so that the next point of a sweep can be
 * predicted without any more of them. To second order about the last record, and where there is one before it to fourth along
 * the line through both, by Hermite's cubic of the gradient.
 */
export function predictedAverages(last: AverageRecord, before?: AverageRecord): SaddleAverages {
  const size = last.gradient.length;
  const gradient = last.gradient.slice();
  const hessian = last.hessian.slice();
  const d = new Float64Array(size);
  const line = before && lineThrough(last, before);

  return {
    gradient,
    hessian,
    meanSusceptibility: last.meanSusceptibility,
    meanSquare: last.meanSquare,
    resolution: () => last.resolution,
    record: () => last,
    at(state: SaddleState, tau: Float64Array) {
      const x = unknownsOf(state, tau);
      for (let a = 0; a < size; a++) d[a] = x[a]! - last.unknowns[a]!;
      gradient.set(last.gradient);
      hessian.set(last.hessian);
      if (line) {
        const s = line.place(d);
        line.add(s, gradient);
        for (let a = 0; a < size; a++) d[a]! -= s * line.direction[a]!;
        for (let k = 0; k < size * size; k++) hessian[k]! += s * line.change[k]!;
      }
      for (let a = 0; a < size; a++) for (let b = 0; b < size; b++) gradient[a]! += hessian[a * size + b]! * d[b]!;
    },
  };
}

/** The line from the last record to the one before it. */
function lineThrough(last: AverageRecord, before: AverageRecord) {
  const size = last.gradient.length;
  const direction = before.unknowns.map((value, a) => value - last.unknowns[a]!);
  const change = before.hessian.map((value, k) => value - last.hessian[k]!);
  const scale = last.unknowns.map((value, a) => 1 / Math.max(Math.abs(value), Math.abs(before.unknowns[a]!), 1e-6));
  const product = (d: Float64Array) => d.reduce((sum, value, a) => sum + value * direction[a]! * scale[a]! ** 2, 0);
  const length = product(direction);
  if (!(length > LEAST_DISTANCE ** 2)) return undefined;
  const along = (matrix: Float64Array) =>
    direction.map((_, a) => direction.reduce((sum, value, b) => sum + matrix[a * size + b]! * value, 0));
  const [slope, slopeBefore] = [along(last.hessian), along(before.hessian)];
  return {
    direction,
    change,
    place: (d: Float64Array) => product(d) / length,
    /** Adds what the gradient changes by up to the place s. */
    add(s: number, gradient: Float64Array) {
      for (let a = 0; a < size; a++) {
        const rise = before.gradient[a]! - last.gradient[a]!;
        const [first, second] = [slope[a]!, slopeBefore[a]!];
        gradient[a]! += s * (first + s * (3 * rise - 2 * first - second + s * (first + second - 2 * rise)));
      }
    },
  };
}
