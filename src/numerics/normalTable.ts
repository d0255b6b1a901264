import { normalTail } from "./normal.ts";

/** Spacing of the places, how far they reach, and the terms of the series about each. */
const [PER_UNIT, REACH, TERMS] = [64, 12, 8];

/** Coefficients of Φ(−x₀ − d) by powers of d, place by place. */
let coefficients: Float64Array | undefined;

/** Taylor's series of the tail: its derivatives are −φ(x)(−1)ⁿHeₙ(x), Heₙ₊₁ = xHeₙ − nHeₙ₋₁. */
function table(): Float64Array {
  const made = new Float64Array((PER_UNIT * REACH + 2) * TERMS);
  const exact = { density: 0, tail: 0 };
  for (let i = 0; i <= PER_UNIT * REACH + 1; i++) {
    const x = i / PER_UNIT;
    normalTail(x, exact);
    made[i * TERMS] = exact.tail;
    let [before, current, factor] = [0, 1, -exact.density];
    for (let n = 1; n < TERMS; n++) {
      factor /= n;
      made[i * TERMS + n] = factor * current;
      [before, current] = [current, x * current - (n - 1) * before];
      factor = -factor;
    }
  }
  return made;
}

const beyond = { density: 0, tail: 0 };

/**
 * Writes the density φ(x) and the tail Φ(−|x|) of the standard normal law for finite x, to 1e-16 absolutely: the polynomial of
 * degree 7 about the nearest multiple of 1/64, and its derivative.
 *
 * @param out the density, then the tail
 */
export function quickTail(x: number, out: Float64Array): void {
  const c = (coefficients ??= table());
  const y = Math.abs(x);
  if (!(y < REACH)) {
    normalTail(x, beyond);
    out[0] = beyond.density;
    out[1] = beyond.tail;
    return;
  }
  const i = Math.round(y * PER_UNIT);
  const d = y - i / PER_UNIT;
  const at = i * TERMS;
  let value = c[at + 7]!;
  let slope = value;
  value = value * d + c[at + 6]!;
  slope = slope * d + value;
  value = value * d + c[at + 5]!;
  slope = slope * d + value;
  value = value * d + c[at + 4]!;
  slope = slope * d + value;
  value = value * d + c[at + 3]!;
  slope = slope * d + value;
  value = value * d + c[at + 2]!;
  slope = slope * d + value;
  value = value * d + c[at + 1]!;
  slope = slope * d + value;
  out[0] = -slope;
  out[1] = value * d + c[at]!;
}
