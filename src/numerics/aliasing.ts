/** Rules of this many times the step tell the decay of the integrand's Fourier transform. */
export const STRIDE = 16;
const COSINES = Float64Array.from({ length: STRIDE }, (_, j) => Math.cos((2 * Math.PI * j) / STRIDE));
/** Places in units of the frequency of 16 steps, two each, as the transform may vanish at one. */
const [LOW, HIGH] = [
  [4, 5],
  [6, 7],
] as const;
const sums = new Float64Array(STRIDE);

/**
 * Error of a trapezoid rule of step h from values on its nodes. With m_k the magnitude at the frequency 2πk/(16h) of the Fourier
 * transform of what is integrated, which the rules of step 16h within it tell for k < 8, the error is 2 m_16: continued from
 * m_6 and m_7 as they have fallen from m_4 and m_5. (The square of m_8 would be the error only if what falls so slowly were
 * as large as the whole: a small kink that is nearly sharp is not.)
 *
 * @param weights w_i, in the order of the nodes
 * @param values f_i; more than weights do no harm
 */
export function aliasingError(weights: Float64Array, values: Float64Array): number {
  sums.fill(0);
  for (let i = 0; i < weights.length; i++) sums[i & (STRIDE - 1)]! += weights[i]! * values[i]!;
  return aliasingOfSums(sums);
}

/** The same by the sums S_j of w_i f_i over the nodes i = j mod {@link STRIDE}. */
export function aliasingOfSums(sums: Float64Array): number {
  const low = Math.max(magnitude(sums, LOW[0]), magnitude(sums, LOW[1]));
  const high = Math.max(magnitude(sums, HIGH[0]), magnitude(sums, HIGH[1]));
  if (!(high > 0)) return high;
  return 2 * high * Math.min(1, high / low) ** ((STRIDE - HIGH[1]) / (HIGH[0] - LOW[0]));
}

function magnitude(sums: Float64Array, k: number): number {
  let [re, im] = [0, 0];
  for (let j = 0; j < STRIDE; j++) {
    re += sums[j]! * COSINES[(j * k) & (STRIDE - 1)]!;
    im += sums[j]! * COSINES[(j * k + 12) & (STRIDE - 1)]!;
  }
  return Math.sqrt(re * re + im * im);
}
