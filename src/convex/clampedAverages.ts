import { quickTail } from "../numerics/normalTable.ts";
import type { LossAverages } from "./averages.ts";
import { SHORT } from "./pieceMoments.ts";
import type { PieceTable } from "./pieceTable.ts";

const lowTail = new Float64Array(2);
const highTail = new Float64Array(2);

/** Whether ℓ′(prox) is a straight line between two constants: Huber's, the absolute and the quantile loss, the hinge. */
export const isClamped = ({ count, curvature }: PieceTable): boolean =>
  count === 3 && curvature[0] === 0 && curvature[2] === 0;

/**
 * What the derivatives of the local potential need of a clamped line, x ~ N(a, v), in one go: most of the time of a
 * saddle point is spent here.
 *
 * @returns false where the line is so short that its moments are differences
 */
export function clampedAverages(table: PieceTable, a: number, v: number, out: LossAverages): boolean {
  const { end, slope, curvature, anchor } = table;
  const s = Math.sqrt(v);
  const inverse = 1 / s;
  const low = (end[0]! - a) * inverse;
  const high = (end[1]! - a) * inverse;
  if (high - low < SHORT) return false;
  quickTail(low, lowTail);
  quickTail(high, highTail);
  const lowDensity = lowTail[0]!;
  const highDensity = highTail[0]!;
  const below = low > 0 ? 1 - lowTail[1]! : lowTail[1]!;
  const above = high > 0 ? highTail[1]! : 1 - highTail[1]!;
  const share =
    low > 0 ? lowTail[1]! - highTail[1]! : high > 0 ? 1 - lowTail[1]! - highTail[1]! : highTail[1]! - lowTail[1]!;
  const offset = a - anchor[1]!;
  const first = offset * share - s * (highDensity - lowDensity);
  const stop = (offset + end[1]! - anchor[1]!) * highDensity;
  const start = (offset + end[0]! - anchor[1]!) * lowDensity;
  const second = (offset * offset + v) * share - s * (stop - start);
  const bottom = slope[0]!;
  const top = slope[2]!;
  const l = slope[1]!;
  const D = curvature[1]!;
  const line = l * share + D * first;
  const square = l * l * share + 2 * l * D * first + D * D * second;
  const steps = D * inverse;
  out.slope = bottom * below + top * above + line;
  out.square = bottom * bottom * below + top * top * above + square;
  out.curvature = D * share;
  out.curvatureSlope = steps * (lowDensity - highDensity);
  out.curvatureCurvature = steps * inverse * (low * lowDensity - high * highDensity);
  out.product = D * line;
  out.productSlope = D * D * share + steps * (bottom * lowDensity - top * highDensity);
  out.cubic = D * square;
  return true;
}
