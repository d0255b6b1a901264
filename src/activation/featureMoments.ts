import { PANEL_LENGTH, PANEL_NODES } from "../numerics/adaptivePanels.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { BODY, END, gaussianDensity } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { Activation } from "./activationType.ts";
import type { Asymptote } from "./asymptotes.ts";
import {
  breakpointsOf,
  type ConditionalMoments,
  conditionalMoments,
  conditionalMomentsOnLine,
  FAR_REACH,
  smoothMoments,
  smoothMomentsOnLine,
} from "./conditionalMoments.ts";
import type { ShiftLine } from "./lattice.ts";
import type { MomentSurface } from "./momentSurface.ts";

/** Moments of a student's features given κ. */
export interface FeatureMoments extends ConditionalMoments {
  /** Absolute error of `residual` = μ2², which decides over the ridgeless limit where features freeze. */
  readonly residualError: number;
}

/** Features whose nonlinear part is this small against E σ² are computed from the line that the student runs into. */
const FROZEN = 1e-3;
/** Relative error of μ2 = √residual that rounding of σ leaves, and of μ2² that the cut of the tails at |z| = 9.5 does. */
const [ROUNDING, CUT] = [1e-15, 1e-19];
const TOLERANCE = 1e-13;

/**
 * Moments of σ(shift + scale·z), with a nonlinear part that keeps its relative accuracy however small it is, as far as σ has
 * asymptotes: a student far out is a line and a remainder, and only the remainder makes μ2.
 *
 * @throws QuadratureError naming the activation and the argument where σ is not finite
 */
export function featureMoments(f: Activation, shift: number, scale: number, name: string): FeatureMoments {
  return withNonlinearPart(f, conditionalMoments(f, shift, scale, name), shift, scale, name);
}

/**
 * The same at every shift of a line, by samples that all of them share; undefined for those that have to be averaged by
 * themselves.
 */
export function featureMomentsOnLine(
  f: Activation,
  line: ShiftLine,
  scale: number,
  name: string,
): readonly (FeatureMoments | undefined)[] {
  if (!f.asymptotes || scale === 0 || line.step === 0 || f.kinks.length + f.jumps.length > 0) return [];
  const moments = conditionalMomentsOnLine(f, line, scale);
  const [left, right] = [f.asymptotes.left, f.asymptotes.right].map((end) => {
    return end && smoothMomentsOnLine(end.remainder, line, scale);
  });
  return Array.from({ length: line.count }, (_, k) => {
    const shift = line.first + k * line.step;
    const whole = moments[k] ?? conditionalMoments(f, shift, scale, name);
    return withNonlinearPart(f, whole, shift, scale, name, () => (shift > 0 ? right : left)?.(k));
  });
}

/** @param known the moments of the remainder of the line that σ runs into, where they are known already */
function withNonlinearPart(
  f: Activation,
  moments: ConditionalMoments,
  shift: number,
  scale: number,
  name: string,
  known?: () => ConditionalMoments | undefined,
): FeatureMoments {
  const { residual, square } = moments;
  if (scale === 0) return { ...moments, residualError: 0 };
  if (residual > FROZEN * square) return { ...moments, residualError: roundingOf(moments) };
  const line = shift > 0 ? f.asymptotes?.right : f.asymptotes?.left;
  if (line) return alongLine(line, shift, scale, breakpointsOf(f, shift, scale), name, known?.());
  return { ...moments, residualError: sumError(moments) };
}

/** Error of μ2² by rounding of σ. */
const roundingOf = ({ residual, square }: ConditionalMoments): number => ROUNDING * Math.sqrt(residual * square);

/** Moments of the features of many models at one scale, as far as their interpolants are known and good enough. */
export function interpolatedFeatures(surface: MomentSurface, scale: number) {
  const along = surface.along(scale);
  return (shift: number): FeatureMoments | undefined => {
    const moments = along(shift);
    if (moments) moments.residualError += sumError(moments);
    return moments;
  };
}

/** Error of μ2² by its sum. */
const sumError = (moments: ConditionalMoments): number => roundingOf(moments) + CUT * moments.square;

function alongLine(
  line: Asymptote,
  shift: number,
  scale: number,
  breakpoints: readonly number[],
  name: string,
  known?: ConditionalMoments,
): FeatureMoments {
  const [constant, linear] = [line.offset + line.slope * shift, line.slope * scale];
  const quick =
    known ?? (breakpoints.length === 0 ? smoothMoments(line.remainder, shift, scale, FAR_REACH) : undefined);
  if (quick) return withLine(quick, constant, linear);
  const remainder = (z: number) => line.remainder(shift + scale * z);
  const { nodes, weights, error } = ruleFor(remainder, breakpoints, name);
  const samples = nodes.map(remainder);
  let [mean, first, second, residual] = [0, 0, 0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const [z, term] = [nodes[i]!, weights[i]! * samples[i]!];
    mean += term;
    first += term * z;
    second += term * (z * z - 1);
  }
  for (let i = 0; i < nodes.length; i++) residual += weights[i]! * (samples[i]! - mean - first * nodes[i]!) ** 2;
  return withLine({ mean, first, second, residual, error }, constant, linear);
}

/** The moments of a line and a remainder by those of the remainder. */
function withLine(remainder: Omit<ConditionalMoments, "square">, constant: number, linear: number): FeatureMoments {
  const { second, residual, error } = remainder;
  const [mean, first] = [remainder.mean + constant, remainder.first + linear];
  const square = mean * mean + first * first + residual;
  return { mean, first, second, square, residual, error, residualError: 1e-12 * residual };
}

interface Rule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly error: number;
}

function ruleFor(remainder: (z: number) => number, breakpoints: readonly number[], name: string): Rule {
  if (breakpoints.length > 0) return panelsAround(breakpoints);
  return adaptGaussianRule(
    (z, out) => {
      const value = remainder(z);
      out[0] = value;
      out[1] = z * value;
      out[2] = (z * z - 1) * value;
      out[3] = value * value;
    },
    { dimension: 4, tolerance: TOLERANCE, name },
  );
}

/** Decay of the density, in units of e, over a panel: twelve nodes resolve it, and the smooth functions of theory. */
const DECAY = 6;
/** Decay beyond the last break point after which nothing counts. */
const FARTHEST = 45;

/** Panels split at the break points wherever they are: the far side of a kink at |z| = 20 is all there is of μ2. */
function panelsAround(breakpoints: readonly number[]): Rule {
  const breaks = breakpoints.filter((z) => Math.abs(z) < END);
  const last = Math.max(0, ...breaks.map(Math.abs));
  const reach = Math.min(END, Math.max(BODY, last + FARTHEST / Math.max(BODY, last)));
  const cuts = [-reach, ...breaks.sort((a, b) => a - b), reach];
  const { nodes: unit, weights: unitWeights } = legendreRule(PANEL_NODES);
  const nodes: number[] = [];
  const weights: number[] = [];
  for (let c = 0; c + 1 < cuts.length; c++) {
    const end = cuts[c + 1]!;
    for (let left = cuts[c]!; left < end;) {
      const farther = Math.max(Math.abs(left), Math.min(Math.abs(left) + PANEL_LENGTH, Math.abs(end)));
      const length = Math.min(PANEL_LENGTH, DECAY / farther);
      const right = end - left < 1.2 * length ? end : left + length;
      const half = 0.5 * (right - left);
      for (let i = 0; i < PANEL_NODES; i++) {
        const z = left + half * (1 + unit[i]!);
        nodes.push(z);
        weights.push(half * unitWeights[i]! * gaussianDensity(z));
      }
      left = right;
    }
  }
  return { nodes: Float64Array.from(nodes), weights: Float64Array.from(weights), error: 2 ** -50 };
}
