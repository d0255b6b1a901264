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
const single = { x: new Float64Array(1), tail: new Float64Array(1), density: new Float64Array(1) };

/** Writes the tail and the density at one place. */
export function quickNormal(x: number, out: { tail: number; density: number }): void {
  single.x[0] = x;
  normalColumns(1, single.x, single.tail, single.density);
  out.tail = single.tail[0]!;
  out.density = single.density[0]!;
}

/**
 * Writes the tails Φ(−|x|) and the densities φ(x) of the standard normal law for a column of x, to 1e-16 absolutely: the series about
 * the nearest multiple of 1/64, and minus its derivative; beyond 12, where few samples may hang on them, to all digits.
 */
export function normalColumns(count: number, x: Float64Array, tail: Float64Array, density: Float64Array): void {
  const c = (coefficients ??= table());
  for (let j = 0; j < count; j++) {
    const distance = Math.abs(x[j]!);
    if (distance > REACH) {
      normalTail(distance, beyond);
      tail[j] = beyond.tail;
      density[j] = beyond.density;
      continue;
    }
    const i = (distance * PER_UNIT + 0.5) | 0;
    const d = distance - i / PER_UNIT;
    const at = i * TERMS;
    const c1 = c[at + 1]!;
    const c2 = c[at + 2]!;
    const c3 = c[at + 3]!;
    const c4 = c[at + 4]!;
    const c5 = c[at + 5]!;
    const c6 = c[at + 6]!;
    const c7 = c[at + 7]!;
    // In pairs: a chain of products would wait for each of them.
    const square = d * d;
    const fourth = square * square;
    tail[j] = c[at]! + c1 * d + (c2 + c3 * d) * square + (c4 + c5 * d + (c6 + c7 * d) * square) * fourth;
    const high = 5 * c5 + 6 * c6 * d + 7 * c7 * square;
    density[j] = -(c1 + 2 * c2 * d + (3 * c3 + 4 * c4 * d) * square + high * fourth);
  }
}
