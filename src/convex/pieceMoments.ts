import { legendreRule } from "../numerics/gaussLegendre.ts";
import { normalPdf } from "../numerics/normal.ts";
import { quickNormal } from "../numerics/normalTable.ts";
import type { PieceTable } from "./pieceTable.ts";

/** Length of a piece in units of √v below which its moments are summed: their closed forms are differences. */
export const SHORT = 0.5;
export const SHORT_RULE = legendreRule(8);

const near = { tail: 0, density: 0 };

/** Moments of x ~ N(a, v), by truncated moments (convexLosses §4). */
export function normalMoments(table: PieceTable, a: number, v: number): void {
  const s = Math.sqrt(v);
  const inverse = 1 / s;
  const last = table.count - 1;
  let low = -Infinity;
  let density = 0;
  // The tail on the nearer side.
  let tail = 0;
  // s(low + a − anchor of the next piece)·density
  let start = 0;
  for (let k = 0; k <= last; k++) {
    const anchor = table.anchor[k]!;
    const end = table.end[k]!;
    const offset = a - anchor;
    let high = Infinity;
    let ended = 0;
    let endTail = 0;
    let stop = 0;
    if (k < last) {
      high = (end - a) * inverse;
      quickNormal(high, near);
      ended = near.density;
      endTail = near.tail;
      stop = (offset + end - anchor) * ended;
    }
    if (k > 0) start = (offset + table.end[k - 1]! - anchor) * density;
    if (high - low < SHORT) shortMoments(table, k, a, s, low, high);
    else {
      const share = low > 0 ? tail - endTail : high > 0 ? 1 - tail - endTail : endTail - tail;
      table.share[k] = share;
      table.first[k] = offset * share - s * (ended - density);
      table.second[k] = (offset * offset + v) * share - s * (stop - start);
    }
    table.density[k] = ended * inverse;
    table.densitySlope[k] = k < last ? -high * inverse * inverse * ended : 0;
    low = high;
    density = ended;
    tail = endTail;
  }
}

function shortMoments(table: PieceTable, k: number, a: number, s: number, low: number, high: number): void {
  const { nodes, weights } = SHORT_RULE;
  const middle = 0.5 * (low + high);
  const half = 0.5 * (high - low);
  const scale = half * normalPdf(middle);
  const centre = a + s * middle - table.anchor[k]!;
  let share = 0;
  let first = 0;
  let second = 0;
  if (scale !== 0) {
    for (let i = 0; i < nodes.length; i++) {
      const t = half * nodes[i]!;
      const w = scale * weights[i]! * Math.exp(-t * (middle + 0.5 * t));
      const x = centre + s * t;
      share += w;
      first += w * x;
      second += w * x * x;
    }
  }
  table.share[k] = share;
  table.first[k] = first;
  table.second[k] = second;
}
