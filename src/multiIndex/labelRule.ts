/**
 * Rules of few nodes for functions of the residual that are analytic in t = asinh(y/scale) up to |Im t| = π/2, as the pencil's
 * are: panels of t, and in each the polynomial through Chebyshev nodes, for panels of 1.6 the nearest poles leave 4.17⁻²¹. A point
 * adds its weights by Lagrange's formula to a few nodes on a fine grid of t, and those to the nodes of their panel.
 */
import { ChebyshevPoints } from "../numerics/chebyshev.ts";

const PANEL_LENGTH = 1.6;
const UNIT = new ChebyshevPoints(21);

export interface LabelRule {
  readonly nodes: Float64Array;
  /** One column per weight. */
  readonly weights: readonly Float64Array[];
}

export interface LabelCompressor {
  /** @param values weights of the point, one per column, from a place on */
  add(y: number, values: Float64Array, from?: number): void;
  /** Nodes of the panels that have points. */
  rule(): LabelRule;
}

export function labelCompressor(low: number, high: number, scale: number, columns: number): LabelCompressor {
  // Room for the stencils at the ends, so that no fine node is outside the panels.
  const start = Math.asinh(low / scale) - STENCIL * FINE_STEP;
  const length = Math.asinh(high / scale) + STENCIL * FINE_STEP - start;
  const fine = new Float64Array((Math.ceil(length / FINE_STEP) + STENCIL) * columns);
  const shares = new Float64Array(STENCIL);
  return {
    add(y, values, from = 0) {
      const position = (Math.asinh(y / scale) - start) / FINE_STEP;
      const first = Math.floor(position) - STENCIL / 2 + 1;
      stencilShares(position - first, shares);
      let at = first * columns;
      for (let j = 0; j < STENCIL; j++) {
        const share = shares[j]!;
        for (let c = 0; c < columns; c++) fine[at++]! += share * values[from + c]!;
      }
    },
    rule: () => onPanels(fine, columns, start, length, scale),
  };
}

/** Nodes of Lagrange's formula on equidistant t, and their distance: the poles leave 43 (2/π · step)⁸ = 1e-13. */
const STENCIL = 8;
const FINE_STEP = 0.025;
/** 1/Π_{i≠j}(j − i) */
const STENCIL_WEIGHTS = Float64Array.from({ length: STENCIL }, (_, j) => {
  let product = 1;
  for (let i = 0; i < STENCIL; i++) if (i !== j) product *= j - i;
  return 1 / product;
});

/** Values at x of the polynomials that are 1 at one of the nodes 0, 1, … and 0 at the others. */
function stencilShares(x: number, out: Float64Array): void {
  let before = 1;
  for (let j = 0; j < STENCIL; j++) {
    out[j] = STENCIL_WEIGHTS[j]! * before;
    before *= x - j;
  }
  let after = 1;
  for (let j = STENCIL - 1; j >= 0; j--) {
    out[j]! *= after;
    after *= x - j;
  }
}

/** Weights on equidistant t, from start on, on the Chebyshev nodes of the panels that have any. */
function onPanels(fine: Float64Array, columns: number, start: number, length: number, scale: number): LabelRule {
  const panels = Math.max(1, Math.ceil(length / PANEL_LENGTH));
  const step = length / panels;
  const sums = new Float64Array(panels * UNIT.count * columns);
  const used = new Uint8Array(panels);
  const shares = new Float64Array(UNIT.count);
  for (let i = 0; i * columns < fine.length; i++) {
    const weights = fine.subarray(i * columns, (i + 1) * columns);
    if (weights.every((w) => w === 0)) continue;
    const position = (i * FINE_STEP) / step;
    const panel = Math.min(panels - 1, Math.floor(position));
    used[panel] = 1;
    UNIT.weightsAt(2 * (position - panel) - 1, shares);
    for (let j = 0; j < UNIT.count; j++) {
      const at = (panel * UNIT.count + j) * columns;
      for (let c = 0; c < columns; c++) sums[at + c]! += shares[j]! * weights[c]!;
    }
  }
  const kept = Array.from({ length: panels }, (_, p) => p).filter((p) => used[p] === 1);
  const nodes = kept.flatMap((p) =>
    Array.from(UNIT.points, (x) => scale * Math.sinh(start + step * (p + 0.5 * (1 + x)))),
  );
  const weights = Array.from({ length: columns }, (_, c) =>
    Float64Array.from(kept.flatMap((p) => Array.from(shares, (_, j) => sums[(p * UNIT.count + j) * columns + c]!))),
  );
  return { nodes: Float64Array.from(nodes), weights };
}
