import { normalColumns } from "../numerics/normalTable.ts";
import { SHORT } from "./pieceMoments.ts";
import type { PieceTable } from "./pieceTable.ts";

/** ℓ′(prox) as a straight line between two constants: Huber's, of the absolute and the quantile loss, and of the hinge. */
export interface Clamp {
  /** Where the line begins and ends. */
  readonly low: number;
  readonly high: number;
  /** ℓ′(prox) before and after. */
  readonly bottom: number;
  readonly top: number;
  /** Slope of the line, and where it is zero. */
  readonly curvature: number;
  readonly anchor: number;
  /** ℓ(prox) where the line begins, is zero, and ends. */
  readonly lowValue: number;
  readonly value: number;
  readonly highValue: number;
}

/** The clamped line that a loss is at its present V; two constants are one without length. */
export function clampOf({ count, end, anchor, slope, curvature, value }: PieceTable): Clamp | undefined {
  const last = count - 1;
  if (curvature[0] !== 0 || curvature[last] !== 0 || anchor[0] !== end[0]) return undefined;
  if (count === 3 && (slope[1] !== 0 || anchor[2] !== end[1])) return undefined;
  if (count !== 3 && !(count === 2 && anchor[1] === end[0])) return undefined;
  return {
    low: end[0]!,
    high: end[last - 1]!,
    bottom: slope[0]!,
    top: slope[last]!,
    curvature: count === 3 ? curvature[1]! : 0,
    anchor: count === 3 ? anchor[1]! : end[0]!,
    lowValue: value[0]!,
    value: count === 3 ? value[1]! : value[0]!,
    highValue: value[last]!,
  };
}

/** Terms of the series of the moments of a short line by powers of the distance from its middle; the last are rounding. */
const SERIES = 8;
/** Deviations beyond which there is no density. */
const FARTHEST = 12;
/** Of the moments ∫tⁿe^{−t²/2}dt over the line by powers of its length. */
const LENGTH_SERIES = 10;

const COLUMNS = [
  ...(["below", "above", "share", "first", "second", "lowDensity", "highDensity"] as const),
  ...(["lowPlace", "highPlace", "lowTail", "highTail", "middleDensity"] as const),
] as const;

/**
 * Moments of x ~ N(a, v) under a clamped line, column by column over many a: most of the time of a saddle point is spent here.
 */
export class ClampedMoments {
  /** P(x < low), P(x > high) */
  below = new Float64Array(0);
  above = new Float64Array(0);
  /** P, E[x − c] and E(x − c)² on the line, c where it is zero. */
  share = new Float64Array(0);
  first = new Float64Array(0);
  second = new Float64Array(0);
  /** φ where the line begins and ends. */
  lowDensity = new Float64Array(0);
  highDensity = new Float64Array(0);
  /** (low − a)/√v and (high − a)/√v, and what is left of a normal law beyond, on the nearer side; for short lines those of their middle. */
  lowPlace = new Float64Array(0);
  highPlace = new Float64Array(0);
  lowTail = new Float64Array(0);
  highTail = new Float64Array(0);
  middleDensity = new Float64Array(0);
  private readonly shares = new Float64Array(SERIES);
  private readonly tilts = new Float64Array(SERIES);
  private readonly spreads = new Float64Array(SERIES);

  /** @param means a of every node */
  fill(clamp: Clamp, count: number, means: Float64Array, v: number): void {
    if (this.below.length < count) this.grow(means.length);
    const inverse = 1 / Math.sqrt(v);
    this.fillTails(clamp, count, means, inverse);
    const half = 0.5 * (clamp.high - clamp.low) * inverse;
    if (2 * half < SHORT) this.fillShort(clamp, count, means, v, half);
    else this.fillLong(clamp, count, means, v);
  }

  private grow(capacity: number): void {
    for (const name of COLUMNS) this[name] = new Float64Array(capacity);
  }

  private fillTails({ low: begin, high: end }: Clamp, count: number, means: Float64Array, inverse: number): void {
    const { below, above, share, lowPlace, highPlace, lowTail, highTail } = this;
    for (let j = 0; j < count; j++) {
      lowPlace[j] = (begin - means[j]!) * inverse;
      highPlace[j] = (end - means[j]!) * inverse;
    }
    normalColumns(count, lowPlace, lowTail, this.lowDensity);
    normalColumns(count, highPlace, highTail, this.highDensity);
    for (let j = 0; j < count; j++) {
      const low = lowTail[j]!;
      const high = highTail[j]!;
      const [startsAbove, endsAbove] = [lowPlace[j]! > 0, highPlace[j]! > 0];
      below[j] = startsAbove ? 1 - low : low;
      above[j] = endsAbove ? high : 1 - high;
      share[j] = startsAbove ? low - high : endsAbove ? 1 - low - high : high - low;
    }
  }

  /** By truncated moments (convexLosses §4). */
  private fillLong({ low, high, anchor }: Clamp, count: number, means: Float64Array, v: number): void {
    const { share, first, second, lowDensity, highDensity } = this;
    const s = Math.sqrt(v);
    for (let j = 0; j < count; j++) {
      const offset = means[j]! - anchor;
      const start = lowDensity[j]!;
      const stop = highDensity[j]!;
      const p = share[j]!;
      first[j] = offset * p - s * (stop - start);
      second[j] = (offset * offset + v) * p - s * ((offset + high - anchor) * stop - (offset + low - anchor) * start);
    }
  }

  /** On short lines these are differences: there by powers of m, the distance from a to the middle over √v, times φ(m). */
  private fillShort(clamp: Clamp, count: number, means: Float64Array, v: number, half: number): void {
    const { share, first, second, shares, tilts, spreads } = this;
    const s = Math.sqrt(v);
    const inverse = 1 / s;
    const middle = 0.5 * (clamp.low + clamp.high);
    const centre = middle - clamp.anchor;
    this.prepareSeries(half);
    const { lowPlace: place, lowTail: tail, middleDensity } = this;
    for (let j = 0; j < count; j++) place[j] = (middle - means[j]!) * inverse;
    normalColumns(count, place, tail, middleDensity);
    for (let j = 0; j < count; j++) {
      const m = Math.max(-FARTHEST, Math.min(FARTHEST, place[j]!));
      const density = middleDensity[j]!;
      const square = m * m;
      let p = shares[SERIES - 1]!;
      let t = tilts[SERIES - 1]!;
      let q = spreads[SERIES - 1]!;
      for (let k = SERIES - 2; k >= 0; k--) {
        p = p * square + shares[k]!;
        t = t * square + tilts[k]!;
        q = q * square + spreads[k]!;
      }
      p *= density;
      const tilt = -s * m * t * density;
      share[j] = p;
      first[j] = centre * p + tilt;
      second[j] = centre * (centre * p + 2 * tilt) + v * q * density;
    }
  }

  /** e^{−mt} by powers of mt, of which the even ones are left in P and E t², the odd ones in E t. */
  private prepareSeries(half: number): void {
    let factorial = 1;
    for (let k = 0; k < SERIES; k++) {
      if (k > 0) factorial *= 2 * k * (2 * k - 1);
      const next = symmetricMoment(2 * k + 2, half);
      this.shares[k] = symmetricMoment(2 * k, half) / factorial;
      this.tilts[k] = next / (factorial * (2 * k + 1));
      this.spreads[k] = next / factorial;
    }
  }
}

/** ∫tⁿe^{−t²/2}dt over |t| < half, n even. */
function symmetricMoment(n: number, half: number): number {
  let [power, sum] = [2 * half ** (n + 1), 0];
  for (let k = 0; k < LENGTH_SERIES; k++) {
    sum += power / (n + 2 * k + 1);
    power *= (-0.5 * half * half) / (k + 1);
  }
  return sum;
}
