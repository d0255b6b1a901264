import type { ConvexLoss } from "../loss/convexLoss.ts";
import { noAverages } from "./averages.ts";
import { type Clamp, ClampedMoments, clampOf } from "./clampedMoments.ts";
import type { Accuracy } from "./gaussianNodes.ts";
import type { LossAverager } from "./lossAverages.ts";
import { lossAverager } from "./lossAverages.ts";
import { isPiecewise, type PiecewiseLoss, PieceTable } from "./pieceTable.ts";

/** Nodes of ζ with the weights of one label there, and the means of its residual or margin x ~ N(a, v). */
export class FieldColumns {
  count = 0;
  zeta = new Float64Array(512);
  weights = new Float64Array(512);
  means = new Float64Array(512);

  /** Empty columns that hold so many nodes. */
  start(capacity: number): void {
    this.count = 0;
    if (this.zeta.length >= capacity) return;
    this.zeta = new Float64Array(capacity);
    this.weights = new Float64Array(capacity);
    this.means = new Float64Array(capacity);
  }

  push(zeta: number, weight: number, mean: number): void {
    const j = this.count++;
    this.zeta[j] = zeta;
    this.weights[j] = weight;
    this.means[j] = mean;
  }
}

/** How far the rules of every second node are apart, added up over labels, in E D, E g², E g and E ζg. */
export interface SlopeDifferences {
  curvature: number;
  square: number;
  slope: number;
  tilt: number;
}

/** Sums over ζ of what a label makes of the loss at x ~ N(a, v). */
export interface LossSums {
  trainLoss: number;
  trainSquare: number;
  testLoss: number;
  /** How far the rules of every second node are apart in E ℓ(prox) and E ℓ. */
  trainDifference: number;
  testDifference: number;
}

/** The sums of one loss. */
export interface FieldSums {
  /**
   * Adds the derivatives of the local potential.
   *
   * @param direction dx/dω
   * @param apart to which the differences are added
   */
  derivatives(
    columns: FieldColumns,
    v: number,
    V: number,
    direction: number,
    out: Float64Array,
    apart: SlopeDifferences,
  ): void;
  /** Adds the losses. */
  losses(columns: FieldColumns, v: number, V: number, out: LossSums): void;
}

/** Of a loss whose ℓ′(prox) is a clamped line at once for all nodes, of others node by node. */
export function fieldSums(loss: ConvexLoss, goal: Accuracy): FieldSums {
  const any = averagedSums(lossAverager(loss, goal), lossAverager(loss, goal));
  return isPiecewise(loss) && !loss.limitOf ? clampedSums(loss, any) : any;
}

/** @param testAverager another, because V changes from κ to κ, and V = 0 stays */
function averagedSums(averager: LossAverager, testAverager: LossAverager): FieldSums {
  const A = noAverages();
  return {
    derivatives({ count, zeta, weights, means }, v, V, direction, out, apart) {
      for (let j = 0; j < count; j++) {
        const side = (j & 1) === 0 ? 1 : -1;
        const w = weights[j]!;
        if (w === 0) continue;
        averager(means[j]!, v, V, false, A);
        const wd = w * direction;
        const wz = w * zeta[j]!;
        const wzd = wz * direction;
        apart.curvature += side * w * A.curvature;
        apart.square += side * w * A.square;
        apart.slope += side * wd * A.slope;
        apart.tilt += side * wzd * A.slope;
        out[0]! += wd * A.slope;
        out[1]! += wzd * A.slope;
        out[2]! += 0.5 * w * A.curvature;
        out[3]! -= 0.5 * w * A.square;
        out[4]! += w * A.curvature;
        out[5]! += wz * A.curvature;
        out[6]! += 0.5 * wd * A.curvatureSlope;
        out[7]! -= wd * A.product;
        out[8]! += wz * zeta[j]! * A.curvature;
        out[9]! += 0.5 * wzd * A.curvatureSlope;
        out[10]! -= wzd * A.product;
        out[11]! += 0.25 * w * A.curvatureCurvature;
        out[12]! -= 0.5 * w * A.productSlope;
        out[13]! += w * A.cubic;
      }
    },

    losses({ count, weights, means }, v, V, out) {
      for (let j = 0; j < count; j++) {
        const side = (j & 1) === 0 ? 1 : -1;
        const w = weights[j]!;
        if (w === 0) continue;
        averager(means[j]!, v, V, true, A);
        out.trainSquare += w * A.trainSquare;
        out.trainLoss += w * A.trainLoss;
        out.trainDifference += side * w * A.trainLoss;
        testAverager(means[j]!, v, 0, true, A);
        out.testLoss += w * A.trainLoss;
        out.testDifference += side * w * A.trainLoss;
      }
    },
  };
}

/** @param others for V at which the loss is no clamped line */
function clampedSums(loss: PiecewiseLoss, others: FieldSums): FieldSums {
  const table = new PieceTable(loss);
  const testTable = new PieceTable(loss);
  const moments = new ClampedMoments();
  return {
    derivatives(columns, v, V, direction, out, apart) {
      table.prepare(V);
      const clamp = clampOf(table);
      if (!clamp) {
        others.derivatives(columns, v, V, direction, out, apart);
        return;
      }
      moments.fill(clamp, columns.count, columns.means, v);
      addSlopes(clamp, moments, columns, v, direction, out, apart);
    },

    losses(columns, v, V, out) {
      table.prepare(V);
      testTable.prepare(0);
      const [clamp, test] = [clampOf(table), clampOf(testTable)];
      if (!clamp || !test) {
        others.losses(columns, v, V, out);
        return;
      }
      moments.fill(clamp, columns.count, columns.means, v);
      addTrainLosses(clamp, moments, columns, v, V, out);
      moments.fill(test, columns.count, columns.means, v);
      addTestLosses(test, moments, columns, v, out);
    },
  };
}

/** On the line g = D(x − c), beside it a constant. */
function addSlopes(
  { low: begin, high: end, bottom, top, curvature: D }: Clamp,
  moments: ClampedMoments,
  { count, zeta, weights, means }: FieldColumns,
  v: number,
  direction: number,
  out: Float64Array,
  apart: SlopeDifferences,
): void {
  const { below, above, share, first, second, lowDensity, highDensity } = moments;
  const inverse = 1 / Math.sqrt(v);
  let [slope, tilt, square] = [0, 0, 0];
  let [shares, sharesTilt, sharesSpread, firsts, firstsTilt, seconds] = [0, 0, 0, 0, 0, 0];
  let [jumps, jumpsTilt, pulledJumps, jumpSlopes] = [0, 0, 0, 0];
  let [oddShares, oddSquare, oddSlope, oddTilt] = [0, 0, 0, 0];
  for (let j = 0; j < count; j++) {
    const w = weights[j]!;
    const z = zeta[j]!;
    const wz = w * z;
    const a = means[j]!;
    const p = share[j]!;
    const f = first[j]!;
    const q = second[j]!;
    const start = lowDensity[j]!;
    const stop = highDensity[j]!;
    const low = bottom * below[j]!;
    const high = top * above[j]!;
    const g = low + high + D * f;
    const gg = bottom * low + top * high + D * D * q;
    slope += w * g;
    tilt += wz * g;
    square += w * gg;
    shares += w * p;
    sharesTilt += wz * p;
    sharesSpread += wz * z * p;
    firsts += w * f;
    firstsTilt += wz * f;
    seconds += w * q;
    jumps += w * (start - stop);
    jumpsTilt += wz * (start - stop);
    pulledJumps += w * (bottom * start - top * stop);
    jumpSlopes += w * ((begin - a) * start - (end - a) * stop);
    if ((j & 1) === 1) {
      oddShares += w * p;
      oddSquare += w * gg;
      oddSlope += w * g;
      oddTilt += wz * g;
    }
  }
  const step = D * inverse;
  out[0]! += direction * slope;
  out[1]! += direction * tilt;
  out[2]! += 0.5 * D * shares;
  out[3]! -= 0.5 * square;
  out[4]! += D * shares;
  out[5]! += D * sharesTilt;
  out[6]! += 0.5 * direction * step * jumps;
  out[7]! -= direction * D * D * firsts;
  out[8]! += D * sharesSpread;
  out[9]! += 0.5 * direction * step * jumpsTilt;
  out[10]! -= direction * D * D * firstsTilt;
  out[11]! += 0.25 * step * inverse * inverse * jumpSlopes;
  out[12]! -= 0.5 * (D * D * shares + step * pulledJumps);
  out[13]! += D * D * D * seconds;
  apart.curvature += D * (shares - 2 * oddShares);
  apart.square += square - 2 * oddSquare;
  apart.slope += direction * (slope - 2 * oddSlope);
  apart.tilt += direction * (tilt - 2 * oddTilt);
}

/** The prox moves by 1 beside the line, and by 1 − VD on it. */
function addTrainLosses(
  { low: begin, high: end, bottom, top, curvature: D, anchor, lowValue, value, highValue }: Clamp,
  { below, above, share, first, second, lowDensity, highDensity }: ClampedMoments,
  { count, weights, means }: FieldColumns,
  v: number,
  V: number,
  out: LossSums,
): void {
  const s = Math.sqrt(v);
  const move = 1 - V * D;
  const [lowPlace, highPlace] = [begin - V * bottom, end - V * top];
  let [loss, square, odd] = [0, 0, 0];
  for (let j = 0; j < count; j++) {
    const w = weights[j]!;
    const low = begin - means[j]!;
    const high = end - means[j]!;
    const p = share[j]!;
    const q = second[j]!;
    const under = below[j]!;
    const over = above[j]!;
    const start = s * lowDensity[j]!;
    const stop = s * highDensity[j]!;
    const lowFirst = -low * under - start;
    const highFirst = -high * over + stop;
    const l =
      lowValue * under + bottom * lowFirst + value * p + 0.5 * D * move * q + highValue * over + top * highFirst;
    loss += w * l;
    if ((j & 1) === 1) odd += w * l;
    const outside =
      (lowPlace * lowPlace + v) * under +
      (2 * lowPlace - low) * lowFirst +
      (highPlace * highPlace + v) * over +
      (2 * highPlace - high) * highFirst;
    square += w * (outside + anchor * (anchor * p + 2 * move * first[j]!) + move * move * q);
  }
  out.trainLoss += loss;
  out.trainSquare += square;
  out.trainDifference += loss - 2 * odd;
}

/** The same without V, and without the square. */
function addTestLosses(
  { low: begin, high: end, bottom, top, curvature: D, lowValue, value, highValue }: Clamp,
  { below, above, share, second, lowDensity, highDensity }: ClampedMoments,
  { count, weights, means }: FieldColumns,
  v: number,
  out: LossSums,
): void {
  const s = Math.sqrt(v);
  let [loss, odd] = [0, 0];
  for (let j = 0; j < count; j++) {
    const under = below[j]!;
    const over = above[j]!;
    const lowFirst = (means[j]! - begin) * under - s * lowDensity[j]!;
    const highFirst = (means[j]! - end) * over + s * highDensity[j]!;
    const outside = lowValue * under + bottom * lowFirst + highValue * over + top * highFirst;
    const term = weights[j]! * (outside + value * share[j]! + 0.5 * D * second[j]!);
    loss += term;
    if ((j & 1) === 1) odd += term;
  }
  out.testLoss += loss;
  out.testDifference += loss - 2 * odd;
}
