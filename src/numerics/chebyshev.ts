/**
 * Polynomial interpolation at the Chebyshev points of the first kind on [−1, 1] (Trefethen, Approximation Theory and
 * Approximation Practice, SIAM 2013, chapters 3 to 5).
 */
export class ChebyshevPoints {
  /** −cos((2k + 1)π/2n), ascending. */
  readonly points: Float64Array;
  /** (−1)^k sin((2k + 1)π/2n) */
  private readonly barycentric: Float64Array;
  /** Rows of cos(jπ(2k + 1)/2n)·2/n, the coefficients but for their signs, for the last two degrees j. */
  private readonly last: readonly [Float64Array, Float64Array];

  constructor(readonly count: number) {
    const angle = (k: number) => ((2 * k + 1) * Math.PI) / (2 * count);
    const over = (f: (k: number) => number) => Float64Array.from({ length: count }, (_, k) => f(k));
    this.points = over((k) => -Math.cos(angle(k)));
    this.barycentric = over((k) => (k % 2 === 0 ? 1 : -1) * Math.sin(angle(k)));
    const row = (degree: number) => over((k) => (2 / count) * Math.cos(degree * angle(k)));
    this.last = [row(count - 2), row(count - 1)];
  }

  /** Writes the weights with which values at the points make the interpolant at x. */
  weightsAt(x: number, out: Float64Array): void {
    let total = 0;
    for (let k = 0; k < this.count; k++) {
      const distance = x - this.points[k]!;
      if (distance === 0) {
        out.fill(0);
        out[k] = 1;
        return;
      }
      out[k] = this.barycentric[k]! / distance;
      total += out[k]!;
    }
    for (let k = 0; k < this.count; k++) out[k]! /= total;
  }

  /** |a_{n−2}| + |a_{n−1}|: what the interpolant of the values at a first place and every `stride` beyond leaves out is less where it converges geometrically. */
  tail(values: Float64Array, first: number, stride: number): number {
    let [lastButOne, last] = [0, 0];
    for (let k = 0; k < this.count; k++) {
      const value = values[first + k * stride]!;
      lastButOne += this.last[0][k]! * value;
      last += this.last[1][k]! * value;
    }
    return Math.abs(lastButOne) + Math.abs(last);
  }
}
