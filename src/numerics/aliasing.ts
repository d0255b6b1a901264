const DIAGONAL = Math.SQRT1_2;

/**
 * Error of a trapezoid rule of step h from values on its nodes. With m_k the magnitude at the frequency 2πk/(8h) of the Fourier
 * transform of what is integrated, which the rules of step 8h within it tell for k ≤ 4, the error is m_8: continued from
 * m_2, m_3 and m_4 as they fall. (The square of m_4 would be the error only if what falls so slowly were as large as the
 * whole: a small kink that is nearly sharp is not.)
 *
 * @param weights w_i, in the order of the nodes
 * @param values f_i; more than weights do no harm
 */
export function aliasingError(weights: Float64Array, values: Float64Array): number {
  const count = weights.length;
  const whole = count - (count % 8);
  // Every point that is solved comes here for each of its averages: one pass, in registers.
  let [a, b, c, d, e, f, g, h] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let i = 0; i < whole; i += 8) {
    a += weights[i]! * values[i]!;
    b += weights[i + 1]! * values[i + 1]!;
    c += weights[i + 2]! * values[i + 2]!;
    d += weights[i + 3]! * values[i + 3]!;
    e += weights[i + 4]! * values[i + 4]!;
    f += weights[i + 5]! * values[i + 5]!;
    g += weights[i + 6]! * values[i + 6]!;
    h += weights[i + 7]! * values[i + 7]!;
  }
  const rest = count - whole;
  if (rest > 0) a += weights[whole]! * values[whole]!;
  if (rest > 1) b += weights[whole + 1]! * values[whole + 1]!;
  if (rest > 2) c += weights[whole + 2]! * values[whole + 2]!;
  if (rest > 3) d += weights[whole + 3]! * values[whole + 3]!;
  if (rest > 4) e += weights[whole + 4]! * values[whole + 4]!;
  if (rest > 5) f += weights[whole + 5]! * values[whole + 5]!;
  if (rest > 6) g += weights[whole + 6]! * values[whole + 6]!;
  const second = length(a - c + e - g, b - d + f - h);
  const third = length(a - e + DIAGONAL * (d - b + f - h), g - c + DIAGONAL * (b + d - f - h));
  const fourth = Math.abs(a - b + c - d + e - f + g - h);
  const fall = Math.min(1, Math.max(ratio(third, second), ratio(fourth, third)));
  return fall ** 4 * Math.max(third * fall, fourth);
}

const length = (re: number, im: number): number => Math.sqrt(re * re + im * im);
const ratio = (a: number, b: number): number => (a > 0 ? a / b : 0);
