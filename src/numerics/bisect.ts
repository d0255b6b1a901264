/**
 * A zero of f by bisection, to the last bit. Only the sign of f counts, so it may be infinite or undefined at the ends,
 * where it is never evaluated.
 *
 * @param f changes sign once between the two ends
 * @param negative the end towards which f < 0; on either side of `positive`
 * @param positive the end towards which f > 0
 * @example
 * bisect((x) => x * x - 2, 1, 2).toFixed(12); // "1.414213562373"
 */
export function bisect(f: (x: number) => number, negative: number, positive: number): number {
  let [below, above] = [negative, positive];
  for (;;) {
    const middle = 0.5 * (below + above);
    if (middle === below || middle === above) return middle;
    if (f(middle) > 0) above = middle;
    else below = middle;
  }
}
