import type { ConvexLoss } from "../loss/convexLoss.ts";
import type { LossAverages } from "./averages.ts";

export type PiecewiseLoss = ConvexLoss & Required<Pick<ConvexLoss, "pieces">>;

export const isPiecewise = (loss: ConvexLoss): loss is PiecewiseLoss => "pieces" in loss;

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
