import { legendreRule } from "../numerics/gaussLegendre.ts";
import { normalPdf, type NormalTail, normalTail } from "../numerics/normal.ts";
import type { ConvexLoss, Piece, ProximalPoint } from "../loss/convexLoss.ts";
import { type Accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";

/** Averages over x ~ N(a, v), a residual or a margin, at one V; g = ℓ′(prox), D = dg/dx, ′ the derivative by x. */
export interface LossAverages {
  /** E g */
  slope: number;
  /** E g² */
  square: number;
  /** E D */
  curvature: number;
  /** E D′ */
  curvatureSlope: number;
  /** E D″ */
  curvatureCurvature: number;
  /** E gD */
  product: number;
  /** E (gD)′ */
  productSlope: number;
  /** E g²D */
  cubic: number;
  /** E ℓ(prox) */
  trainLoss: number;
  /** E prox² */
  trainSquare: number;
}

/** Averages of a loss over x ~ N(a, v), in closed form or by quadrature. */
export type LossAverager = (a: number, v: number, V: number, out: LossAverages) => void;

export const noAverages = (): LossAverages => ({
  slope: 0,
  square: 0,
  curvature: 0,
  curvatureSlope: 0,
  curvatureCurvature: 0,
  product: 0,
  productSlope: 0,
  cubic: 0,
  trainLoss: 0,
  trainSquare: 0,
});

function clear(out: LossAverages): void {
  out.slope = out.square = out.curvature = out.curvatureSlope = out.curvatureCurvature = 0;
  out.product = out.productSlope = out.cubic = out.trainLoss = out.trainSquare = 0;
}

/** Length of a piece in units of √v below which its moments are summed: their closed forms are differences. */
const SHORT = 0.5;
const SHORT_RULE = legendreRule(8);
/** Straight pieces of a loss. */
const MOST_PIECES = 4;

/** P, E[x − c] and E(x − c)² on a piece with the anchor c. */
interface PieceMoments {
  share: number;
  first: number;
  second: number;
}

/** Pieces at one V, as columns that are used again: V changes from node to node. */
class PieceTable {
  count = 0;
  readonly end = new Float64Array(MOST_PIECES);
  readonly anchor = new Float64Array(MOST_PIECES);
  readonly slope = new Float64Array(MOST_PIECES);
  readonly curvature = new Float64Array(MOST_PIECES);
  /** ℓ(prox) at the anchor. */
  readonly value = new Float64Array(MOST_PIECES);

  fill(loss: ConvexLoss, pieces: readonly Piece[], V: number): void {
    this.count = pieces.length;
    for (let k = 0; k < pieces.length; k++) {
      const { end, anchor, slope, curvature } = pieces[k]!;
      this.end[k] = end;
      this.anchor[k] = anchor;
      this.slope[k] = slope;
      this.curvature[k] = curvature;
      this.value[k] = loss.value(anchor - V * slope);
    }
  }
}

/** Closed form for ℓ′(prox) in straight pieces, by truncated moments (convexLosses §4). */
function piecewiseAverager(loss: PiecewiseLoss): LossAverager {
  let at = NaN;
  const table = new PieceTable();
  const moments: PieceMoments = { share: 0, first: 0, second: 0 };
  const atHigh: NormalTail = { density: 0, tail: 0 };
  return (a, v, V, out) => {
    if (V !== at) {
      at = V;
      table.fill(loss, loss.pieces(V), V);
    }
    clear(out);
    const s = Math.sqrt(v);
    const last = table.count - 1;
    let low = -Infinity;
    let density = 0;
    // The tail on the nearer side.
    let tail = 0;
    for (let k = 0; k <= last; k++) {
      const anchor = table.anchor[k]!;
      const end = table.end[k]!;
      const high = k === last ? Infinity : (end - a) / s;
      if (k === last) atHigh.density = atHigh.tail = 0;
      else normalTail(high, atHigh);
      const { density: ended, tail: endTail } = atHigh;
      if (high - low < SHORT) shortMoments(a, s, low, high, anchor, moments);
      else {
        const share = low > 0 ? tail - endTail : high > 0 ? 1 - tail - endTail : endTail - tail;
        const offset = a - anchor;
        const atEnd = k === last ? 0 : (offset + end - anchor) * ended;
        const atStart = k === 0 ? 0 : (offset + table.end[k - 1]! - anchor) * density;
        moments.share = share;
        moments.first = offset * share - s * (ended - density);
        moments.second = (offset * offset + v) * share - s * (atEnd - atStart);
      }
      addPiece(table, k, V, moments, out);
      if (k < last) {
        const curvature = table.curvature[k]!;
        const jump = (table.curvature[k + 1]! - curvature) * (ended / s);
        out.curvatureSlope += jump;
        out.curvatureCurvature += (jump * high) / s;
        out.productSlope += (table.slope[k]! + curvature * (end - anchor)) * jump;
      }
      low = high;
      density = ended;
      tail = endTail;
    }
  };
}

function addPiece(table: PieceTable, k: number, V: number, moments: PieceMoments, out: LossAverages): void {
  const { share, first, second } = moments;
  const slope = table.slope[k]!;
  const D = table.curvature[k]!;
  const g = slope * share + D * first;
  const square = slope * slope * share + 2 * slope * D * first + D * D * second;
  // prox moves by q dx.
  const q = 1 - V * D;
  const z = table.anchor[k]! - V * slope;
  out.slope += g;
  out.square += square;
  out.curvature += D * share;
  out.product += D * g;
  out.productSlope += D * D * share;
  out.cubic += D * square;
  out.trainLoss += table.value[k]! * share + slope * q * first + 0.5 * D * q * second;
  out.trainSquare += z * z * share + 2 * z * q * first + q * q * second;
}

function shortMoments(a: number, s: number, low: number, high: number, anchor: number, out: PieceMoments): void {
  const { nodes, weights } = SHORT_RULE;
  const middle = 0.5 * (low + high);
  const half = 0.5 * (high - low);
  const scale = half * normalPdf(middle);
  const centre = a + s * middle - anchor;
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
  out.share = share;
  out.first = first;
  out.second = second;
}

/** Any loss by quadrature over x, derivatives by parts. */
function quadratureAverager(loss: ConvexLoss, goal: Accuracy): LossAverager {
  const rule = new GaussianNodes();
  const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
  return (a, v, V, out) => {
    const s = Math.sqrt(v);
    const features = loss.features(V).map(({ at, width }) => ({ at: (at - a) / s, width: width / s }));
    rule.smooth(goal, trapezoidStep(goal, loss.strip / s, 0), features);
    clear(out);
    for (let j = 0; j < rule.count; j++) {
      const [xi, w] = [rule.nodes[j]!, rule.weights[j]!];
      loss.proximal(a + s * xi, V, point);
      const { slope: g, curvature: D } = point;
      out.slope += w * g;
      out.square += w * g * g;
      out.curvature += w * D;
      out.curvatureSlope += (w * xi * D) / s;
      out.curvatureCurvature += (w * (xi * xi - 1) * D) / v;
      out.product += w * g * D;
      out.productSlope += (w * xi * g * D) / s;
      out.cubic += w * g * g * D;
      out.trainLoss += w * loss.value(point.z);
      out.trainSquare += w * point.z * point.z;
    }
  };
}

type PiecewiseLoss = ConvexLoss & Required<Pick<ConvexLoss, "pieces">>;

const isPiecewise = (loss: ConvexLoss): loss is PiecewiseLoss => "pieces" in loss;

/** The averager of a loss: in closed form where ℓ′(prox) has straight pieces. */
export function lossAverager(loss: ConvexLoss, goal: Accuracy): LossAverager {
  const { limitOf } = loss;
  const direct = isPiecewise(loss) ? piecewiseAverager(loss) : quadratureAverager(loss, goal);
  if (!limitOf) return direct;
  const own = lossAverager(limitOf, goal);
  return (a, v, V, out) => (V === 0 ? own : direct)(a, v, V, out);
}
