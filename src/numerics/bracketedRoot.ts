/**
 * A zero of a continuous f in [a, b] by regula falsi with the Illinois rule: bracketed as bisection is, superlinear where
 * f is smooth.
 *
 * @param f of opposite sign at a and b
 * @param tolerance width of the bracket, relative to the larger end, at which to stop
 * @example
 * bracketedRoot((x) => x * x - 2, 1, 2).toFixed(12); // "1.414213562373"
 */
export function bracketedRoot(f: (x: number) => number, a: number, b: number, tolerance = 1e-14): number {
  let [left, right, fLeft, fRight] = [a, b, f(a), f(b)];
  let moved: "left" | "right" | undefined;
  for (let step = 0; step < 200; step++) {
    if (fLeft === 0) return left;
    if (fRight === 0) return right;
    const width = right - left;
    if (Math.abs(width) <= tolerance * Math.max(Math.abs(left), Math.abs(right))) break;
    // Every third step halves, for an f that is not smooth, and one whose secant rounds to an end.
    const secant = left - (fLeft * width) / (fRight - fLeft);
    const inside = (secant - left) * (secant - right) < 0;
    const middle = inside && step % 3 !== 2 ? secant : 0.5 * (left + right);
    if (middle === left || middle === right) return middle;
    const value = f(middle);
    if (value > 0 === fRight > 0) {
      [right, fRight] = [middle, value];
      if (moved === "right") fLeft /= 2;
      moved = "right";
    } else {
      [left, fLeft] = [middle, value];
      if (moved === "left") fRight /= 2;
      moved = "left";
    }
  }
  return Math.abs(fLeft) < Math.abs(fRight) ? left : right;
}

/**
 * A zero of an increasing f in [a, b] by Newton's method, which the bracket keeps from leaving; bisection where a step would leave it.
 *
 * @param f value and slope
 * @param tolerance length of a step, relative to x, at which to stop
 * @example
 * bracketedNewton((x) => [x * x - 2, 2 * x], 1, 2).toFixed(12); // "1.414213562373"
 */
export function bracketedNewton(
  f: (x: number) => readonly [number, number],
  a: number,
  b: number,
  tolerance = 1e-14,
): number {
  let [low, high] = [a, b];
  let x = b;
  for (let step = 0; step < 200; step++) {
    const [value, slope] = f(x);
    if (value === 0) break;
    if (value < 0) low = x;
    else high = x;
    const newton = x - value / slope;
    const next = newton >= low && newton <= high ? newton : 0.5 * (low + high);
    const change = Math.abs(next - x);
    x = next;
    if (change <= tolerance * Math.abs(x) || high <= low) break;
  }
  return x;
}
