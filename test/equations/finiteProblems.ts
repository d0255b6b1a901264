import { solveInPlace } from "../../src/numerics/linearAlgebra.ts";
import { normalStream } from "../observables/normalStream.ts";

/** Mean over trials with its standard error. */
function summary(values: readonly number[]): { mean: number; standardError: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const square = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (values.length - 1);
  return { mean, standardError: Math.sqrt(square / values.length) };
}

const vector = (normal: () => number, size: number, scale = 1): Float64Array =>
  Float64Array.from({ length: size }, () => scale * normal());
const dot = (a: Float64Array, b: Float64Array): number => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

interface LassoProblem {
  readonly size: number;
  readonly trials: number;
  readonly delta: number;
  readonly rho: number;
  readonly noise: number;
  readonly lambda: number;
}

/** |x̂ − x|²/N of the LASSO, found by coordinate descent. */
export function lassoErrors({ size, trials, delta, rho, noise, lambda }: LassoProblem) {
  const samples = Math.round(delta * size);
  const support = Math.round(rho * size);
  const errors = Array.from({ length: trials }, (_, trial) => {
    const normal = normalStream(100 + trial);
    const columns = Array.from({ length: size }, () => vector(normal, samples, 1 / Math.sqrt(samples)));
    const signal = Float64Array.from({ length: size }, (_, j) => (j < support ? normal() : 0));
    const rest = vector(normal, samples, Math.sqrt(noise));
    columns.forEach((column, j) => column.forEach((value, i) => (rest[i]! += value * signal[j]!)));
    const squares = columns.map((column) => dot(column, column));
    const estimate = new Float64Array(size);
    for (let sweep = 0, change = 1; sweep < 400 && change > 1e-7; sweep++) {
      change = 0;
      columns.forEach((column, j) => {
        const pull = dot(column, rest) + squares[j]! * estimate[j]!;
        const next = (Math.sign(pull) * Math.max(Math.abs(pull) - lambda, 0)) / squares[j]!;
        const step = next - estimate[j]!;
        if (step === 0) return;
        column.forEach((value, i) => (rest[i]! -= step * value));
        estimate[j] = next;
        change = Math.max(change, Math.abs(step));
      });
    }
    return estimate.reduce((sum, value, j) => sum + (value - signal[j]!) ** 2, 0) / size;
  });
  return summary(errors);
}

interface PerceptronProblem {
  readonly size: number;
  readonly trials: number;
  readonly alpha: number;
  readonly lambda: number;
}

/** Generalisation error of ridge regression on the signs of a teacher. */
export function ridgePerceptronErrors({ size, trials, alpha, lambda }: PerceptronProblem) {
  const samples = Math.round(alpha * size);
  const errors = Array.from({ length: trials }, (_, trial) => {
    const normal = normalStream(500 + trial);
    const teacher = vector(normal, size);
    const gram = new Float64Array(size * size);
    const weights = new Float64Array(size);
    for (let i = 0; i < size; i++) gram[i * (size + 1)] = lambda;
    for (let sample = 0; sample < samples; sample++) {
      const x = vector(normal, size, 1 / Math.sqrt(size));
      const label = Math.sign(dot(x, teacher));
      for (let i = 0; i < size; i++) {
        weights[i]! += label * x[i]!;
        for (let j = 0; j < size; j++) gram[i * size + j]! += x[i]! * x[j]!;
      }
    }
    solveInPlace(gram, weights, size, 1);
    const cosine = dot(weights, teacher) / Math.sqrt(dot(weights, weights) * dot(teacher, teacher));
    return Math.acos(cosine) / Math.PI;
  });
  return summary(errors);
}
