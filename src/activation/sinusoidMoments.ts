import type { Sinusoid } from "../numerics/smoothness.ts";
import type { ConditionalMoments } from "./momentSums.ts";

/** Below this q the difference sinh q − q is its series. */
const SMALL = 0.5;
/** What rounding of the phase leaves of a zero of the sine. */
const ROUNDING = 4e-16;
/** A few roundings. */
const ERROR = 2 ** -51;

/**
 * Moments of σ(shift + scale·z) for σ(x) = b + a sin(ωx + φ), with θ = ω·shift + φ and q = (ω·scale)²:
 * E σ = b + a e^{−q/2} sin θ, E[zσ] = a √q e^{−q/2} cos θ, E[(z² − 1)σ] = −a q e^{−q/2} sin θ, and a residual of
 * a² e^{−q}((sinh q − q) cos²θ + (cosh q − 1) sin²θ).
 */
export function sinusoidMoments(wave: Sinusoid, shift: number, scale: number): ConditionalMoments {
  const { offset, amplitude, frequency, phase } = wave;
  const root = frequency * scale;
  const q = root * root;
  const theta = frequency * shift + phase;
  const noise = ROUNDING * Math.max(1, Math.abs(theta));
  const clean = (value: number) => (Math.abs(value) > noise ? value : 0);
  const [sine, cosine] = [clean(Math.sin(theta)), clean(Math.cos(theta))];
  const damped = amplitude * Math.exp(-0.5 * q);
  const mean = offset + damped * sine;
  const first = root * damped * cosine;
  const decay = Math.exp(-q);
  const cosh = 0.5 * Math.expm1(-q) ** 2;
  const sinh = q < SMALL ? decay * sinhExcess(q) : -0.5 * Math.expm1(-2 * q) - q * decay;
  const residual = amplitude * amplitude * (sinh * cosine * cosine + cosh * sine * sine);
  return {
    mean,
    first,
    second: q === Infinity ? 0 : -q * damped * sine,
    square: mean * mean + first * first + residual,
    residual,
    error: ERROR,
  };
}

/** sinh q − q by its series. */
function sinhExcess(q: number): number {
  let [sum, term] = [0, (q * q * q) / 6];
  for (let k = 4; sum + term !== sum; k += 2) {
    sum += term;
    term *= (q * q) / (k * (k + 1));
  }
  return sum;
}
