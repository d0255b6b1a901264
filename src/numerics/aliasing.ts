/** Rules of this many times the step tell the decay of the integrand's Fourier transform. */
const STRIDE = 8;
const COSINES = Float64Array.from({ length: STRIDE }, (_, j) => Math.cos((2 * Math.PI * j) / STRIDE));

/**
 * Error of a trapezoid rule from its own terms, in the order of its nodes. With m_k the magnitude at the frequency
 * 2πk/(8h) of the Fourier transform of what is integrated, which the rules of step 8h within the rule of step h tell for
 * k ≤ 4, the error is m_8: continued from m_2, m_3 and m_4 as they fall. (The square of m_4 would be the error only if what
 * falls so slowly were as large as the whole: a small kink that is nearly sharp is not.)
 */
export class Aliasing {
  private readonly sums = new Float64Array(STRIDE);

  /** Adds the term of node i: weight times value. */
  add(i: number, term: number): void {
    this.sums[i % STRIDE]! += term;
  }

  /** The error, in the units of the terms; forgets them. */
  take(): number {
    const [second, third, fourth] = [this.magnitude(2), this.magnitude(3), this.magnitude(4)];
    this.sums.fill(0);
    const fall = Math.min(1, Math.max(ratio(third, second), ratio(fourth, third)));
    return Math.max(third * fall ** 5, fourth * fall ** 4);
  }

  private magnitude(k: number): number {
    let [re, im] = [0, 0];
    for (let j = 0; j < STRIDE; j++) {
      re += this.sums[j]! * COSINES[(j * k) % STRIDE]!;
      im += this.sums[j]! * COSINES[(j * k + 6) % STRIDE]!;
    }
    return Math.hypot(re, im);
  }
}

function ratio(a: number, b: number): number {
  return a > 0 ? a / b : 0;
}
