import { dot } from "./linearAlgebra.ts";
import { tridiagonalEigen } from "./tridiagonal.ts";

/** A discrete rule: columns of weights over nodes; the first column is the measure and positive. */
export interface WeightedNodes {
  readonly nodes: Float64Array;
  readonly weights: readonly Float64Array[];
}

/** Residual of the Lanczos vector, relative to the width, at which the measure is exhausted. */
const EXHAUSTED = 1e-13;

/** Part of a vector's length that rounding cannot have bent. */
const MOSTLY_LEFT = 0.7;

function removeFrom(next: Float64Array, vector: Float64Array, part: number): void {
  for (let i = 0; i < next.length; i++) next[i]! -= part * vector[i]!;
}

/**
 * Gauss rule of a discrete measure: Σ w f is kept for polynomials f of degree 2n − 1, Σ w s f with any other column w s for those
 * of degree n − 1 (Lanczos with full reorthogonalisation; Golub & Welsch 1969). Positive measures give positive rules.
 *
 * @param n number of nodes; fewer where the measure has fewer
 */
export function discreteGauss({ nodes, weights }: WeightedNodes, n: number): WeightedNodes {
  const [measure, ...others] = weights as [Float64Array, ...Float64Array[]];
  const total = measure.reduce((sum, w) => sum + w, 0);
  const centre = dot(measure, nodes) / total;
  const width = nodes.reduce((most, x) => Math.max(most, Math.abs(x - centre)), 0);
  const basis = [measure.map((w) => Math.sqrt(w / total))];
  const [diagonal, offDiagonal]: number[][] = [[], []];
  for (let k = 0; k < n; k++) {
    const last = basis[k]!;
    const next = last.map((q, i) => (nodes[i]! - centre) * q);
    diagonal!.push(dot(next, last));
    removeFrom(next, last, diagonal![k]!);
    if (k > 0) removeFrom(next, basis[k - 1]!, offDiagonal![k - 1]!);
    let norm = Math.sqrt(dot(next, next));
    // Once, and again only where that has taken most away: twice is always enough (Daniel, Gragg, Kaufman & Stewart 1976).
    for (let [pass, before] = [0, Infinity]; pass < 2 && norm < MOSTLY_LEFT * before; pass++) {
      before = norm;
      for (const vector of basis) removeFrom(next, vector, dot(next, vector));
      norm = Math.sqrt(dot(next, next));
    }
    if (!(norm > EXHAUSTED * width) || k === n - 1) break;
    offDiagonal!.push(norm);
    basis.push(next.map((value) => value / norm));
  }
  const size = diagonal!.length;
  const { values, vectors } = tridiagonalEigen(diagonal!, offDiagonal!);
  const column = (coefficients: readonly number[]) =>
    Float64Array.from(vectors, (vector) => {
      const value = coefficients.reduce((sum, c, k) => sum + c * vector[k]!, 0);
      return Math.sqrt(total) * vector[0]! * value;
    });
  // Coefficients ∫ p_k s dμ of the other columns over the orthonormal polynomials p_k.
  const projected = others.map((other) =>
    basis.slice(0, size).map((vector) => {
      let sum = 0;
      for (let i = 0; i < other.length; i++)
        if (measure[i]! > 0) sum += (other[i]! / Math.sqrt(measure[i]!)) * vector[i]!;
      return sum;
    }),
  );
  return {
    nodes: values.map((x) => centre + x),
    weights: [column([Math.sqrt(total)]), ...projected.map(column)],
  };
}
