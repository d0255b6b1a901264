import type { StepTables, TakenStep } from "./steps.ts";
import { MOMENT } from "./studentMoments.ts";
import { dot, type Rows } from "./geometry.ts";

/**
 * The initial row's components along the target ω = √d w⁰ᵀθ ~ N(0, I), carried through the steps to first order
 * (multiIndex §3): row k has components J ω/√d along the target, and its norm moves by J_τ ω/√d.
 */
export interface Tangent {
  /** m×m. */
  readonly direct: Rows;
  /** m entries: how the norm moves. */
  readonly norm: readonly number[];
}

/**
 *   J_0 = [I_m; 0],   J ← J + η̃u_k [[E[res e1 ssᵀ], E[res e2 s]], [·ᵀ, E[res e3]]]/τ_k · J
 *
 * @param rowNorms without them the norm does not move, nor act back: the m×m block alone is iterated
 */
export function stepTangents(
  taken: readonly TakenStep[],
  u: readonly number[],
  m: number,
  rowNorms: boolean,
): Tangent[] {
  return u.map((value, k) => {
    let J: number[][] = Array.from({ length: m + 1 }, (_, i) => Array.from({ length: m }, (_, j) => (i === j ? 1 : 0)));
    for (const { tables, step, before } of taken) {
      const matrix = tangentMatrix(tables, k, m).map((row, i) =>
        row.map((entry, j) => (rowNorms || (i < m && j < m) ? entry : 0)),
      );
      const rate = (step.learningRate * value) / before.tau[k]!;
      const previous = J;
      J = previous.map((row, i) =>
        row.map((entry, j) => entry + rate * matrix[i]!.reduce((sum, a, c) => sum + a * previous[c]![j]!, 0)),
      );
    }
    return { direct: J.slice(0, m), norm: J[m]! };
  });
}

/** [[E[res e1 ssᵀ], E[res e2 s]], [·ᵀ, E[res e3]]] of group k, s = Γᵀκ + Lζ. */
function tangentMatrix(tables: StepTables, k: number, m: number): number[][] {
  const { rule, residual, target, output, moments, geometry } = tables;
  const { gamma, L } = geometry;
  const [e1, e2, e3] = [MOMENT.norm, MOMENT.second, MOMENT.third].map((c) => moments[k]![c]!);
  const average = (f: (i: number) => number) => rule.weights.reduce((sum, w, i) => sum + w * f(i), 0);
  const kappa = rule.coordinates;
  const across = kappa.map((a) => kappa.map((b) => average((i) => residual[i]! * e1![i]! * a[i]! * b[i]!)));
  const mixed = target.slopes.map((slope) => kappa.map((a) => average((i) => slope[i]! * e1![i]! * a[i]!)));
  const inside = target.second.map((row, b) =>
    row.map((second, c) => average((i) => (second[i]! - (b === c ? output[i]! : 0)) * e1![i]!)),
  );
  const curved = [
    ...kappa.map((a) => average((i) => residual[i]! * e2![i]! * a[i]!)),
    ...target.slopes.map((slope) => average((i) => slope[i]! * e2![i]!)),
  ];
  const P = Array.from({ length: m }, (_, i) => [...gamma.map((row) => row[i]!), ...(L[i] ?? [])]);
  const q = kappa.length;
  const entry = (a: number, b: number): number => {
    if (a < q && b < q) return across[a]![b]!;
    if (a >= q && b >= q) return inside[Math.max(a, b) - q]![Math.min(a, b) - q]!;
    return mixed[Math.max(a, b) - q]![Math.min(a, b)]!;
  };
  const size = q + target.slopes.length;
  const all = Array.from({ length: size }, (_, a) => Array.from({ length: size }, (_, b) => entry(a, b)));
  const rows = P.map((first) => [
    ...P.map((second) =>
      dot(
        first,
        all.map((row) => dot(row, second)),
      ),
    ),
    dot(first, curved),
  ]);
  return [...rows, [...P.map((first) => dot(first, curved)), average((i) => residual[i]! * e3![i]!)]];
}
