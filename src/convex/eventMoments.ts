import { normalCdf, normalPdf } from "../numerics/normal.ts";
import { bivariateNormalBelow } from "../numerics/owensT.ts";
import { SHORT, SHORT_RULE } from "./pieceMoments.ts";
import type { PieceTable } from "./pieceTable.ts";

/** Deviations of a transition beyond which it is over. */
const OVER = 8.5;

/** An event G > h for a standard normal G beside x ~ N(a, v). */
export interface NormalEvent {
  /** h, finite. */
  place: number;
  /** Cov(x, G) */
  covariance: number;
  /** v − Cov(x, G)², the variance of x given G. */
  across: number;
}

/** x = a + sη beside G = rη + root·(another normal number), and h. */
interface Beside {
  readonly a: number;
  readonly s: number;
  readonly r: number;
  readonly root: number;
  readonly place: number;
}

/**
 * Moments of x·1(G > h). With Stein's lemma, E[(x − a)f(x)1(G > h)] = v E[f′1] + Cov(x, G) φ(h) E[f | G = h]: what is left are
 * probabilities of quadrants and the moments given G = h.
 *
 * @param given the moments of N(a + Cov·h, v − Cov²) on the same pieces
 */
export function eventMoments(table: PieceTable, a: number, v: number, event: NormalEvent, given: PieceTable): void {
  const { place, covariance, across } = event;
  const s = Math.sqrt(v);
  const r = covariance / s;
  const complement = across / v;
  const root = Math.sqrt(complement);
  const flow = covariance * normalPdf(place);
  const beside: Beside = { a, s, r, root, place };
  const last = table.count - 1;
  let low = -Infinity;
  let below = 0;
  let density = 0;
  for (let k = 0; k <= last; k++) {
    const anchor = table.anchor[k]!;
    const end = table.end[k]!;
    const start = k === 0 ? 0 : table.end[k - 1]!;
    const high = k === last ? Infinity : (end - a) / s;
    const ended = k === last ? 0 : eventDensity(table, k, high, beside);
    const reached = k === last ? normalCdf(-place) : bivariateNormalBelow(high, -place, -r, complement);
    if (high - low < SHORT) shortEventMoments(table, k, low, high, beside);
    else {
      const share = Math.max(0, reached - below);
      const offset = a - anchor;
      const first = offset * share + v * (density - ended) + flow * given.share[k]!;
      const edges = (k === 0 ? 0 : (start - anchor) * density) - (k === last ? 0 : (end - anchor) * ended);
      table.share[k] = share;
      table.first[k] = first;
      table.second[k] = offset * first + v * (share + edges) + flow * given.first[k]!;
    }
    if (k === last) table.density[k] = table.densitySlope[k] = 0;
    low = high;
    below = reached;
    density = ended;
  }
}

/** Writes the density p of x·1(G > h) at the end of a piece, and p′. */
function eventDensity(table: PieceTable, k: number, eta: number, { s, r, root, place }: Beside): number {
  const own = normalPdf(eta) / s;
  const t = quotient(r * eta - place, root);
  const density = own * normalCdf(t);
  const steep = root > 0 && Number.isFinite(t) ? (own * normalPdf(t) * r) / (s * root) : 0;
  table.density[k] = density;
  table.densitySlope[k] = -(eta / s) * density + steep;
  return density;
}

function quotient(x: number, y: number): number {
  return x === 0 ? 0 : x / y;
}

/** By Legendre's rule, in panels where the event is decided within the piece. */
function shortEventMoments(table: PieceTable, k: number, low: number, high: number, beside: Beside): void {
  const { r, root, place } = beside;
  table.share[k] = table.first[k] = table.second[k] = 0;
  const width = quotient(root, Math.abs(r));
  if (!(high - low > SHORT * width)) {
    addEventPanel(table, k, low, high, beside);
    return;
  }
  // Where G > h is undecided.
  const middle = place / r;
  const inner = (x: number) => Math.min(high, Math.max(low, x));
  const [from, to] = [inner(middle - OVER * width), inner(middle + OVER * width)];
  if (from > low) addEventPanel(table, k, low, from, beside);
  if (high > to) addEventPanel(table, k, to, high, beside);
  const panels = Math.ceil((to - from) / (SHORT * width));
  for (let i = 0; i < panels; i++) {
    const at = (j: number) => from + ((to - from) * j) / panels;
    addEventPanel(table, k, at(i), at(i + 1), beside);
  }
}

function addEventPanel(
  table: PieceTable,
  k: number,
  low: number,
  high: number,
  { a, s, r, root, place }: Beside,
): void {
  const { nodes, weights } = SHORT_RULE;
  const middle = 0.5 * (low + high);
  const half = 0.5 * (high - low);
  const scale = half * normalPdf(middle);
  if (scale === 0) return;
  const centre = a + s * middle - table.anchor[k]!;
  for (let i = 0; i < nodes.length; i++) {
    const t = half * nodes[i]!;
    const decided = normalCdf(quotient(r * (middle + t) - place, root));
    const w = scale * weights[i]! * decided * Math.exp(-t * (middle + 0.5 * t));
    const x = centre + s * t;
    table.share[k]! += w;
    table.first[k]! += w * x;
    table.second[k]! += w * x * x;
  }
}
