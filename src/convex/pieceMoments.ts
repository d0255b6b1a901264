import { legendreRule } from "../numerics/gaussLegendre.ts";
import { normalCdf, normalPdf } from "../numerics/normal.ts";
import { quickTail } from "../numerics/normalTable.ts";
import { bivariateNormalBelow } from "../numerics/owensT.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import type { LossAverages } from "./averages.ts";

export type PiecewiseLoss = ConvexLoss & Required<Pick<ConvexLoss, "pieces">>;

export const isPiecewise = (loss: ConvexLoss): loss is PiecewiseLoss => "pieces" in loss;

/** Length of a piece in units of √v below which its moments are summed: their closed forms are differences. */
const SHORT = 0.5;
const SHORT_RULE = legendreRule(8);
/** Deviations of a transition beyond which it is over. */
const OVER = 8.5;
/** Straight pieces of a loss. */
const MOST_PIECES = 4;

/**
 * The pieces of ℓ′(prox) at one V with the moments P, E[x − c] and E(x − c)² of x on each, c its anchor, and the density of x and
 * its derivative where it ends, as columns that are used again.
 */
export class PieceTable {
  count = 0;
  private at = NaN;
  readonly end = new Float64Array(MOST_PIECES);
  readonly anchor = new Float64Array(MOST_PIECES);
  readonly slope = new Float64Array(MOST_PIECES);
  readonly curvature = new Float64Array(MOST_PIECES);
  /** ℓ(prox) at the anchor. */
  readonly value = new Float64Array(MOST_PIECES);
  readonly share = new Float64Array(MOST_PIECES);
  readonly first = new Float64Array(MOST_PIECES);
  readonly second = new Float64Array(MOST_PIECES);
  readonly density = new Float64Array(MOST_PIECES);
  readonly densitySlope = new Float64Array(MOST_PIECES);

  constructor(readonly loss: PiecewiseLoss) {}

  prepare(V: number): void {
    if (V === this.at) return;
    this.at = V;
    const pieces = this.loss.pieces(V);
    this.count = pieces.length;
    for (let k = 0; k < pieces.length; k++) {
      const { end, anchor, slope, curvature } = pieces[k]!;
      this.end[k] = end;
      this.anchor[k] = anchor;
      this.slope[k] = slope;
      this.curvature[k] = curvature;
      this.value[k] = this.loss.value(anchor - V * slope);
    }
  }
}

const nearTail = new Float64Array(2);

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
      quickTail(high, nearTail);
      ended = nearTail[0]!;
      endTail = nearTail[1]!;
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

/** An event G > h for a standard normal G beside x ~ N(a, v). */
export interface NormalEvent {
  /** h, finite. */
  place: number;
  /** Cov(x, G) */
  covariance: number;
  /** v − Cov(x, G)², the variance of x given G. */
  across: number;
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
  const last = table.count - 1;
  let low = -Infinity;
  let below = 0;
  let density = 0;
  for (let k = 0; k <= last; k++) {
    const anchor = table.anchor[k]!;
    const end = table.end[k]!;
    const start = k === 0 ? 0 : table.end[k - 1]!;
    const high = k === last ? Infinity : (end - a) / s;
    const ended = k === last ? 0 : eventDensity(table, k, s, high, r, root, place);
    const reached = k === last ? normalCdf(-place) : bivariateNormalBelow(high, -place, -r, complement);
    if (high - low < SHORT) shortEventMoments(table, k, a, s, low, high, r, root, place);
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
function eventDensity(
  table: PieceTable,
  k: number,
  s: number,
  eta: number,
  r: number,
  root: number,
  place: number,
): number {
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
function shortEventMoments(
  table: PieceTable,
  k: number,
  a: number,
  s: number,
  low: number,
  high: number,
  r: number,
  root: number,
  place: number,
): void {
  table.share[k] = table.first[k] = table.second[k] = 0;
  const width = quotient(root, Math.abs(r));
  if (!(high - low > SHORT * width)) {
    addEventPanel(table, k, a, s, low, high, r, root, place);
    return;
  }
  // Where G > h is undecided.
  const middle = place / r;
  const inner = (x: number) => Math.min(high, Math.max(low, x));
  const [from, to] = [inner(middle - OVER * width), inner(middle + OVER * width)];
  if (from > low) addEventPanel(table, k, a, s, low, from, r, root, place);
  if (high > to) addEventPanel(table, k, a, s, to, high, r, root, place);
  const panels = Math.ceil((to - from) / (SHORT * width));
  for (let i = 0; i < panels; i++) {
    const at = (j: number) => from + ((to - from) * j) / panels;
    addEventPanel(table, k, a, s, at(i), at(i + 1), r, root, place);
  }
}

function addEventPanel(
  table: PieceTable,
  k: number,
  a: number,
  s: number,
  low: number,
  high: number,
  r: number,
  root: number,
  place: number,
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

/** What the derivatives of the local potential need, from the moments on the pieces. */
export function slopeAverages(table: PieceTable, out: LossAverages): void {
  let slope = 0;
  let square = 0;
  let curvature = 0;
  let curvatureSlope = 0;
  let curvatureCurvature = 0;
  let product = 0;
  let productSlope = 0;
  let cubic = 0;
  const last = table.count - 1;
  for (let k = 0; k <= last; k++) {
    const l = table.slope[k]!;
    const D = table.curvature[k]!;
    const share = table.share[k]!;
    if (D === 0) {
      slope += l * share;
      square += l * l * share;
    } else {
      const first = table.first[k]!;
      const g = l * share + D * first;
      const gg = l * l * share + 2 * l * D * first + D * D * table.second[k]!;
      slope += g;
      square += gg;
      curvature += D * share;
      product += D * g;
      productSlope += D * D * share;
      cubic += D * gg;
    }
    if (k < last) {
      const change = table.curvature[k + 1]! - D;
      const jump = change * table.density[k]!;
      curvatureSlope += jump;
      curvatureCurvature -= change * table.densitySlope[k]!;
      productSlope += (l + D * (table.end[k]! - table.anchor[k]!)) * jump;
    }
  }
  out.slope = slope;
  out.square = square;
  out.curvature = curvature;
  out.curvatureSlope = curvatureSlope;
  out.curvatureCurvature = curvatureCurvature;
  out.product = product;
  out.productSlope = productSlope;
  out.cubic = cubic;
}

/** E ℓ(prox) and E prox². */
export function trainAverages(table: PieceTable, V: number, out: LossAverages): void {
  let loss = 0;
  let prox = 0;
  for (let k = 0; k < table.count; k++) {
    const l = table.slope[k]!;
    const D = table.curvature[k]!;
    const share = table.share[k]!;
    const first = table.first[k]!;
    const second = table.second[k]!;
    // prox moves by q dx.
    const q = 1 - V * D;
    const z = table.anchor[k]! - V * l;
    loss += table.value[k]! * share + l * q * first + 0.5 * D * q * second;
    prox += z * z * share + 2 * z * q * first + q * q * second;
  }
  out.trainLoss = loss;
  out.trainSquare = prox;
}
