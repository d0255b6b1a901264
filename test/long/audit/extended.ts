/**
 * Numbers of about 31 decimal digits, as unevaluated sums of two doubles (Dekker 1971; Hida, Li & Bailey 2001): where double
 * precision loses digits to collinear functions or to cancellation, these have enough left.
 */
export class Extended {
  readonly hi: number;
  readonly lo: number;

  constructor(hi: number, lo = 0) {
    this.hi = hi;
    this.lo = lo;
  }

  plus(other: Extended): Extended {
    const sum = this.hi + other.hi;
    const part = sum - this.hi;
    const error = this.hi - (sum - part) + (other.hi - part);
    const low = this.lo + other.lo;
    const lowPart = low - this.lo;
    const lowError = this.lo - (low - lowPart) + (other.lo - lowPart);
    const first = error + low;
    const high = sum + first;
    const rest = first - (high - sum) + lowError;
    return normal(high, rest);
  }

  minus(other: Extended): Extended {
    return this.plus(new Extended(-other.hi, -other.lo));
  }

  times(other: Extended): Extended {
    const product = this.hi * other.hi;
    return normal(product, productError(this.hi, other.hi, product) + (this.hi * other.lo + this.lo * other.hi));
  }

  over(other: Extended): Extended {
    const first = this.hi / other.hi;
    if (!Number.isFinite(first) || first === 0) return new Extended(first);
    const remainder = this.minus(other.times(new Extended(first)));
    const second = remainder.hi / other.hi;
    const third = remainder.minus(other.times(new Extended(second))).hi / other.hi;
    return normal(first, second).plus(new Extended(third));
  }

  squared(): Extended {
    return this.times(this);
  }

  root(): Extended {
    if (this.hi === 0) return ZERO;
    const first = new Extended(Math.sqrt(this.hi));
    return first.plus(this.minus(first.squared()).over(new Extended(2 * first.hi)));
  }

  /** An exact multiple by a power of two. */
  scaled(power: number): Extended {
    return new Extended(this.hi * power, this.lo * power);
  }

  abs(): Extended {
    return this.hi < 0 ? this.scaled(-1) : this;
  }
}

export const ZERO = new Extended(0);
export const ONE = new Extended(1);
export const extended = (value: number): Extended => new Extended(value);

const normal = (high: number, rest: number): Extended => {
  const sum = high + rest;
  return new Extended(sum, rest - (sum - high));
};

const SPLIT = 2 ** 27 + 1;

/** ab − fl(ab), exactly (Veltkamp and Dekker). */
function productError(a: number, b: number, product: number): number {
  const ta = SPLIT * a;
  const ah = ta - (ta - a);
  const al = a - ah;
  const tb = SPLIT * b;
  const bh = tb - (tb - b);
  const bl = b - bh;
  return ah * bh - product + ah * bl + al * bh + al * bl;
}

/** A vector of such numbers. */
export class Column {
  readonly hi: Float64Array;
  readonly lo: Float64Array;

  constructor(size: number) {
    this.hi = new Float64Array(size);
    this.lo = new Float64Array(size);
  }

  static from(values: readonly Extended[]): Column {
    const column = new Column(values.length);
    values.forEach((value, i) => column.set(i, value));
    return column;
  }

  at(i: number): Extended {
    return new Extended(this.hi[i]!, this.lo[i]);
  }

  set(i: number, value: Extended): void {
    this.hi[i] = value.hi;
    this.lo[i] = value.lo;
  }

  map(f: (value: Extended, i: number) => Extended): Column {
    const column = new Column(this.hi.length);
    for (let i = 0; i < this.hi.length; i++) column.set(i, f(this.at(i), i));
    return column;
  }

  times(other: Column): Column {
    return this.map((value, i) => value.times(other.at(i)));
  }

  /** this += factor · other */
  add(factor: Extended, other: Column): void {
    const { hi, lo } = factor;
    for (let i = 0; i < this.hi.length; i++) {
      const b = other.hi[i]!;
      const product = hi * b;
      const low = productError(hi, b, product) + (hi * other.lo[i]! + lo * b);
      const a = this.hi[i]!;
      const sum = a + product;
      const part = sum - a;
      const rest = a - (sum - part) + (product - part) + (this.lo[i]! + low);
      const total = sum + rest;
      this.hi[i] = total;
      this.lo[i] = rest - (total - sum);
    }
  }

  dot(other: Column): Extended {
    let [high, low] = [0, 0];
    for (let i = 0; i < this.hi.length; i++) {
      const [a, b] = [this.hi[i]!, other.hi[i]!];
      const product = a * b;
      const error = productError(a, b, product) + (a * other.lo[i]! + this.lo[i]! * b);
      const sum = high + product;
      const part = sum - high;
      low += high - (sum - part) + (product - part) + error;
      high = sum;
    }
    return normal(high, low);
  }
}

const LN2 = new Extended(0.6931471805599453, 2.3190468138462996e-17);
export const PI = new Extended(3.141592653589793, 1.2246467991473532e-16);

export function exp(x: Extended): Extended {
  if (x.hi < -700) return ZERO;
  const power = Math.round(x.hi / LN2.hi);
  const reduced = x.minus(LN2.times(new Extended(power))).scaled(2 ** -9);
  let term = reduced;
  let sum = reduced;
  for (let n = 2; Math.abs(term.hi) > 1e-36; n++) {
    term = term.times(reduced).over(new Extended(n));
    sum = sum.plus(term);
  }
  // exp(2x) − 1 from exp(x) − 1.
  for (let i = 0; i < 9; i++) sum = sum.scaled(2).plus(sum.squared());
  return sum.plus(ONE).scaled(2 ** power);
}

export function sine(x: Extended): Extended {
  const quarter = Math.round((2 * x.hi) / PI.hi);
  const reduced = x.minus(PI.times(new Extended(quarter / 2)));
  const odd = quarter % 2 !== 0;
  const square = reduced.squared();
  let term = odd ? ONE : reduced;
  let sum = term;
  for (let n = odd ? 1 : 2; Math.abs(term.hi) > 1e-36; n += 2) {
    term = term.times(square).over(new Extended(-n * (n + 1)));
    sum = sum.plus(term);
  }
  return ((quarter % 4) + 4) % 4 >= 2 ? sum.scaled(-1) : sum;
}

export const cosine = (x: Extended): Extended => sine(x.plus(PI.scaled(0.5)));

const ROOT_2PI = PI.scaled(2).root();
export const density = (x: Extended): Extended => exp(x.squared().scaled(-0.5)).over(ROOT_2PI);

/** P(z > x): the Taylor series about 0, or Laplace's continued fraction. */
export function upperTail(x: Extended): Extended {
  if (x.hi < 0) return ONE.minus(upperTail(x.scaled(-1)));
  if (x.hi < 6) {
    const square = x.squared();
    let [term, sum] = [x, x];
    for (let n = 1; term.hi > 1e-34 * sum.hi; n++) {
      term = term.times(square).over(new Extended(2 * n + 1));
      sum = sum.plus(term);
    }
    return new Extended(0.5).minus(density(x).times(sum));
  }
  let fraction = x;
  for (let n = 120; n >= 1; n--) fraction = x.plus(new Extended(n).over(fraction));
  return density(x).over(fraction);
}
