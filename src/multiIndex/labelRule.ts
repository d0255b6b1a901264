/**
 * Rules of few nodes for functions of the residual that are analytic in t = asinh(y/scale) up to |Im t| = π/2, as the pencil's
 * are: panels of t, and in each the polynomial through Chebyshev nodes. A point adds its weights to the nodes of its panel by
 * Lagrange's formula; for panels of 1.6 the nearest poles leave 4.17⁻²¹.
 */
const PANEL_LENGTH = 1.6;
const NODES = 21;
const UNIT = Float64Array.from({ length: NODES }, (_, j) => -Math.cos((Math.PI * (j + 0.5)) / NODES));
const BARYCENTRIC = Float64Array.from(
  { length: NODES },
  (_, j) => (j % 2 === 0 ? 1 : -1) * Math.sin((Math.PI * (j + 0.5)) / NODES),
);

export interface LabelRule {
  readonly nodes: Float64Array;
  /** One column per weight. */
  readonly weights: readonly Float64Array[];
}

export interface LabelCompressor {
  /** @param values weights of the point, one per column */
  add(y: number, values: ArrayLike<number>): void;
  /** Nodes of the panels that have points. */
  rule(): LabelRule;
}

export function labelCompressor(low: number, high: number, scale: number, columns: number): LabelCompressor {
  const start = Math.asinh(low / scale);
  const length = Math.asinh(high / scale) - start;
  const panels = Math.max(1, Math.ceil(length / PANEL_LENGTH));
  const step = length / panels || 1;
  const sums = new Float64Array(panels * NODES * columns);
  const used = new Uint8Array(panels);
  const shares = new Float64Array(NODES);
  return {
    add(y, values) {
      const position = (Math.asinh(y / scale) - start) / step;
      const panel = Math.max(0, Math.min(panels - 1, Math.floor(position)));
      const x = 2 * (position - panel) - 1;
      used[panel] = 1;
      let total = 0;
      let hit = -1;
      for (let j = 0; j < NODES; j++) {
        const gap = x - UNIT[j]!;
        if (gap === 0) hit = j;
        shares[j] = BARYCENTRIC[j]! / gap;
        total += shares[j]!;
      }
      for (let j = 0; j < NODES; j++) {
        const share = hit < 0 ? shares[j]! / total : j === hit ? 1 : 0;
        const at = (panel * NODES + j) * columns;
        for (let c = 0; c < columns; c++) sums[at + c]! += share * values[c]!;
      }
    },
    rule() {
      const kept = Array.from({ length: panels }, (_, p) => p).filter((p) => used[p] === 1);
      const nodes = kept.flatMap((p) => Array.from(UNIT, (x) => scale * Math.sinh(start + step * (p + 0.5 * (1 + x)))));
      const weights = Array.from({ length: columns }, (_, c) =>
        Float64Array.from(kept.flatMap((p) => Array.from(UNIT, (_x, j) => sums[(p * NODES + j) * columns + c]!))),
      );
      return { nodes: Float64Array.from(nodes), weights };
    },
  };
}
