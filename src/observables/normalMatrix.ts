import { EVD, Matrix } from "ml-matrix";
import { strengthAt } from "../problem/problem.ts";
import type { Regressor } from "../ridge/equations.ts";
import type { ResolventPoint } from "../spectrum/featureResolvent.ts";
import { realStiffness } from "../spectrum/realStiffness.ts";
import type { SpectralSystem } from "../spectrum/spectralSystem.ts";

/** The normal-equation matrix N of theory §4 at λ = −x, x real and outside the bulk. */
export interface NormalMatrixPoint {
  readonly point: ResolventPoint;
  /** N without the null directions of collinear unpenalised channels. */
  readonly matrix: Matrix;
  /** What rows and columns may be multiplied by to make the terms of the diagonal equal in size. */
  readonly scale: readonly number[];
  /** E[X f/(1 + V)] of a function of κ. */
  readonly overlaps: (f: (kappa: number) => number) => Matrix;
  /** E f² */
  readonly norm: (f: (kappa: number) => number) => number;
}

export type NormalMatrix = (x: number, start: ResolventPoint) => NormalMatrixPoint;

/** Directions of unpenalised channels with less than this share of the variance are collinear with the others. */
const COLLINEAR = 1e-10;

/** @param sampleRatio α, finite */
export function normalMatrix(
  { model, table: wide, resolvent, widthRatio }: SpectralSystem,
  sampleRatio: number,
): NormalMatrix {
  const stiffnessOf = realStiffness(model, resolvent, sampleRatio, widthRatio);
  const free = wide.channels.map(({ strength }) => strengthAt(strength, widthRatio) === Infinity);
  let projection: Matrix | undefined;
  return (x, start) => {
    const point = resolvent.at([x, 0], start);
    const stiffness = stiffnessOf(point);
    const table = resolvent.table();
    // Where V does not depend on κ the resolvent has one node; the channels still vary.
    const constant = table.weights.length === 1;
    const { channels, weights, nodes } = constant ? wide : table.functions;
    const onTable = resolvent.damping(point);
    const damping = constant ? weights.map(() => onTable[0]!) : onTable;
    const functions = channels.map(({ parts }) => parts);
    const T = functions.length;
    const span = (projection ??= independent(functions, free, weights));
    const full = Matrix.zeros(T, T);
    const size = Matrix.zeros(T, T);
    for (let a = 0; a < T; a++) {
      for (let b = 0; b < T; b++) {
        const gram = overlap(weights, damping, functions[a]!, functions[b]!);
        full.set(a, b, gram + stiffness[a * T + b]!);
        if (a === b) size.set(a, a, Math.abs(gram) + Math.abs(stiffness[a * T + a]!));
      }
    }
    const reduce = (matrix: Matrix) => span.transpose().mmul(matrix).mmul(span);
    const scale = reduce(size)
      .diagonal()
      .map((value) => 1 / Math.sqrt(value || 1));
    return {
      point,
      matrix: reduce(full),
      scale,
      overlaps(f) {
        const values = nodes.map(f);
        const onChannels = functions.map(([X]) => (X ? average(weights, damping, X, values) : 0));
        return span.transpose().mmul(Matrix.columnVector(onChannels));
      },
      norm(f) {
        const values = nodes.map(f);
        return average(
          weights,
          weights.map(() => 1),
          values,
          values,
        );
      },
    };
  };
}

/** N with rows and columns scaled, which leaves the signs of its eigenvalues. */
export function scaled({ matrix, scale }: NormalMatrixPoint): EVD {
  const result = matrix.clone().apply(function (i, j) {
    this.set(i, j, this.get(i, j) * scale[i]! * scale[j]!);
  });
  return new EVD(result, { assumeSymmetric: true });
}

/** Σ w d f g */
export function average(weights: Float64Array, damping: Float64Array, f: Float64Array, g: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < weights.length; i++) sum += weights[i]! * damping[i]! * f[i]! * g[i]!;
  return sum;
}

/** Average of the product of two regressors, over ζ too. */
function overlap(weights: Float64Array, damping: Float64Array, left: Regressor, right: Regressor): number {
  return left.reduce((sum, f, p) => (f && right[p] ? sum + average(weights, damping, f, right[p]) : sum), 0);
}

/** Columns that span the coefficients without the null directions of collinear unpenalised channels. */
function independent(functions: readonly Regressor[], free: readonly boolean[], weights: Float64Array): Matrix {
  const ones = weights.map(() => 1);
  const chosen = free.flatMap((isFree, c) =>
    isFree && overlap(weights, ones, functions[c]!, functions[c]!) > 0 ? [c] : [],
  );
  const columns: number[][] = [];
  const unit = (c: number) => functions.map((_, i) => (i === c ? 1 : 0));
  functions.forEach((_, c) => {
    if (!free[c]) columns.push(unit(c));
  });
  if (chosen.length > 0) {
    const norms = chosen.map((c) => Math.sqrt(overlap(weights, ones, functions[c]!, functions[c]!)));
    const gram = Matrix.zeros(chosen.length, chosen.length);
    chosen.forEach((c, i) =>
      chosen.forEach((d, j) =>
        gram.set(i, j, overlap(weights, ones, functions[c]!, functions[d]!) / (norms[i]! * norms[j]!)),
      ),
    );
    const { realEigenvalues, eigenvectorMatrix } = new EVD(gram, { assumeSymmetric: true });
    realEigenvalues.forEach((value, k) => {
      if (value <= COLLINEAR) return;
      const column = functions.map(() => 0);
      chosen.forEach((c, i) => (column[c] = eigenvectorMatrix.get(i, k) / norms[i]!));
      columns.push(column);
    });
  }
  return new Matrix(columns).transpose();
}
