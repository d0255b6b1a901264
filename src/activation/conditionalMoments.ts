import { aliasingOfSums, STRIDE } from "../numerics/aliasing.ts";
import { PANEL_NODES } from "../numerics/adaptivePanels.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { BODY, gaussianDensity, type Integrand, type Resolution } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import { fixedTrapezoid } from "../numerics/adaptiveTrapezoid.ts";
import type { Activation } from "./activationType.ts";
import { certifiedLine, certifiedMoments } from "./certifiedMoments.ts";
import { heavyMoments } from "./heavyMoments.ts";
import { type Lattice, latticeOf, type ShiftLine } from "./lattice.ts";
import { type ConditionalMoments, sumMoments } from "./momentSums.ts";
import { scanResolution } from "./scan.ts";
import { sinusoidMoments } from "./sinusoidMoments.ts";

export type { ConditionalMoments } from "./momentSums.ts";

const MOMENT_TOLERANCE = 1e-14;

/** Where σ or σ' jumps, in the variable z of σ(shift + scale·z); at no scale there is nothing to split. */
export function breakpointsOf(f: Activation, shift: number, scale: number): number[] {
  if (scale === 0) return [];
  return [...f.kinks, ...f.jumps].map((x) => (x - shift) / scale);
}

/**
 * E σ, E[zσ], E[(z² − 1)σ] and E σ² of σ(shift + scale·z) for z ~ N(0,1) (theory §3).
 *
 * @throws QuadratureError naming the activation and the argument where σ is not finite
 */
export function conditionalMoments(f: Activation, shift: number, scale: number, name: string): ConditionalMoments {
  if (scale === 0) {
    const value = f.value(shift);
    return { mean: value, first: 0, second: 0, square: value * value, residual: 0, error: 0 };
  }
  if (f.smoothness?.sinusoid) return sinusoidMoments(f.smoothness.sinusoid, shift, scale);
  const certified = certifiedMoments(f, shift, scale);
  if (certified) return certified;
  const heavy = heavyMoments(f, shift, scale);
  if (heavy) return heavy;
  const breakpoints = breakpointsOf(f, shift, scale);
  const resolution = scanResolution(f, shift, scale, BODY);
  const quick =
    breakpoints.length === 0
      ? smoothMoments(f.value, shift, scale, BODY, resolution.step)
      : piecewiseMoments(f, shift, scale, breakpoints, resolution);
  if (quick) return quick;
  const integrand: Integrand = (z, out) => {
    const value = f.value(shift + scale * z);
    out[0] = value;
    out[1] = z * value;
    out[2] = (z * z - 1) * value;
    out[3] = value * value;
  };
  const { nodes, weights, values, error } = adaptGaussianRule(integrand, {
    dimension: 4,
    breakpoints,
    tolerance: MOMENT_TOLERANCE,
    name,
    resolution,
  });
  const samples = nodes.map((_, i) => values[4 * i]!);
  return { ...sumMoments(nodes, weights, samples), error };
}

/** Steps at which a smooth activation is tried on nodes that all averages share. */
const SHARED_STEPS = [0.2, 0.135, 0.0675];
/** Reach of a rule for what is large only far out: exp(−16²/2) = 3e-56. */
export const FAR_REACH = 16;
const LARGEST_RULE = 2 * Math.ceil(FAR_REACH / SHARED_STEPS.at(-1)!) + 1;
const samplesBuffer = new Float64Array(LARGEST_RULE);
const nodesBuffer = new Float64Array(LARGEST_RULE);
const weightsBuffer = new Float64Array(LARGEST_RULE);
/** Longest rule on a lattice: of the smallest step, which may be halved to fit the shifts. */
const LONGEST_RULE = 8192;

/** The moments on a shared grid, if it resolves σ² and σ² is negligible at its ends; otherwise undefined. */
export function smoothMoments(
  sigma: (x: number) => number,
  shift: number,
  scale: number,
  reach = BODY,
  longest = Infinity,
): ConditionalMoments | undefined {
  for (const step of SHARED_STEPS) {
    if (step > longest) continue;
    const { nodes, weights } = fixedTrapezoid(step, reach);
    const samples = samplesBuffer.subarray(0, nodes.length);
    for (let i = 0; i < nodes.length; i++) samples[i] = sigma(shift + scale * nodes[i]!);
    const moments = sumMoments(nodes, weights, samples);
    if (!endsAreNegligible(nodes, weights, samples, moments.square)) return undefined;
    const resolved = resolvedMoments(moments, { nodes, weights }, samples);
    if (resolved) return resolved;
  }
  return undefined;
}

interface EquidistantRule {
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
}

/** Moments by equidistant nodes with their error, if the nodes resolve them. */
function resolvedMoments(
  moments: Omit<ConditionalMoments, "error">,
  { nodes, weights }: EquidistantRule,
  samples: Float64Array,
): ConditionalMoments | undefined {
  const error = momentError(nodes, weights, samples, moments.square);
  return error <= MOMENT_TOLERANCE ? { ...moments, error: Math.max(error, 2 ** -53) } : undefined;
}

/** Steps on a lattice, whose samples are shared: down to those that a tanh of argument 10 z needs. */
const LINE_STEPS = [0.2, 0.1, 0.05, 0.025, 0.0125];
/** A square below this may lack what is farther out, and has underflown. */
const UNDERFLOW = 1e-280;
/** Reaches there, each tried where the one before cuts something off: exp(−24²/2) = 1e-125. */
const LINE_REACHES = [16, 24];

/** The inner part of a rule of equidistant nodes, and of samples on it. */
function within(
  reach: number,
  { nodes, weights }: EquidistantRule,
  samples: Float64Array,
): [EquidistantRule, Float64Array] {
  const middle = (nodes.length - 1) / 2;
  const half = Math.min(middle, Math.ceil(reach / (nodes[middle + 1]! - nodes[middle]!)));
  const [from, to] = [middle - half, middle + half + 1];
  return [{ nodes: nodes.subarray(from, to), weights: weights.subarray(from, to) }, samples.subarray(from, to)];
}

/** As {@link smoothMoments} with {@link FAR_REACH}, at one of the shifts of a line, whose samples all of them share. */
export function smoothMomentsOnLine(
  sigma: (x: number) => number,
  line: ShiftLine,
  scale: number,
): (k: number) => ConditionalMoments | undefined {
  const lattices = new Map<number, Lattice | undefined>();
  const latticeOn = (step: number): Lattice | undefined => {
    if (!lattices.has(step)) lattices.set(step, latticeOf(sigma, line, scale, step, LINE_REACHES.at(-1)!));
    return lattices.get(step);
  };
  // What one average needs the next ones need about, too.
  let first = 0;
  return (k) => {
    for (let i = first; i < LINE_STEPS.length; i++) {
      const lattice = latticeOn(LINE_STEPS[i]!);
      if (!lattice || lattice.nodes.length > LONGEST_RULE) return undefined;
      for (const reach of LINE_REACHES) {
        const [rule, samples] = within(reach, lattice, lattice.samples(k));
        const moments = sumMoments(rule.nodes, rule.weights, samples);
        if (!(moments.square > UNDERFLOW)) continue;
        if (!endsAreNegligible(rule.nodes, rule.weights, samples, moments.square)) continue;
        const resolved = resolvedMoments(moments, rule, samples);
        if (resolved) return resolved;
        break;
      }
      first = i + 1;
    }
    return undefined;
  };
}

/**
 * The moments at every shift of a line, by samples that all of them share; undefined for those that have to be averaged by
 * themselves.
 */
export function conditionalMomentsOnLine(
  f: Activation,
  line: ShiftLine,
  scale: number,
): readonly (ConditionalMoments | undefined)[] {
  if (scale === 0 || line.step === 0 || f.smoothness?.sinusoid) return [];
  return certifiedLine(f, line, scale);
}

/** Written so that a value that is not finite falls through to the rule that names its place. */
function endsAreNegligible(nodes: Float64Array, weights: Float64Array, samples: Float64Array, square: number): boolean {
  const size = Math.max(square, Number.MIN_VALUE);
  const end = (i: number) =>
    weights[i]! * nodes[i]! ** 2 * (samples[i]! ** 2 + Math.abs(samples[i]!) * Math.sqrt(size));
  return end(0) + end(nodes.length - 1) <= 1e-16 * size;
}

/** Longest panel: at this length a constant times the density is resolved with digits to spare. */
const QUICK_LENGTH = 1.35;

/** The moments on panels of fixed length between the break points, if they resolve σ and σ²; otherwise undefined. */
function piecewiseMoments(
  f: Activation,
  shift: number,
  scale: number,
  breakpoints: readonly number[],
  resolution: Resolution,
): ConditionalMoments | undefined {
  const cuts = [-BODY, ...breakpoints.filter((x) => Math.abs(x) < BODY).sort((a, b) => a - b), BODY];
  const { nodes: unit, weights: unitWeights, analysis } = legendreRule(PANEL_NODES);
  const [last, lastButOne] = [analysis[PANEL_NODES - 1]!, analysis[PANEL_NODES - 2]!];
  let count = 0;
  let unresolved = 0;
  for (let c = 0; c + 1 < cuts.length; c++) {
    const length = cuts[c + 1]! - cuts[c]!;
    const panels = Math.ceil(length / QUICK_LENGTH);
    if ((count + panels) * PANEL_NODES > LARGEST_RULE) return undefined;
    const half = (0.5 * length) / panels;
    if (!resolution.resolves(cuts[c]!, cuts[c]! + 2 * half)) return undefined;
    for (let k = 0; k < panels; k++, count++) {
      let [tail, squareTail] = [0, 0];
      for (let i = 0; i < PANEL_NODES; i++) {
        const at = count * PANEL_NODES + i;
        const z = cuts[c]! + half * (2 * k + 1 + unit[i]!);
        const value = f.value(shift + scale * z);
        const density = gaussianDensity(z);
        nodesBuffer[at] = z;
        weightsBuffer[at] = half * unitWeights[i]! * density;
        samplesBuffer[at] = value;
        const analysed = (last[i]! + lastButOne[i]!) * density * value;
        tail += analysed;
        squareTail += analysed * value;
      }
      unresolved += 2 * half * (Math.abs(squareTail) + Math.abs(tail) ** 2);
    }
  }
  const size = count * PANEL_NODES;
  const [nodes, weights, samples] = [nodesBuffer, weightsBuffer, samplesBuffer].map((buffer) =>
    buffer.subarray(0, size),
  );
  const moments = sumMoments(nodes!, weights!, samples!);
  if (!endsAreNegligible(nodes!, weights!, samples!, moments.square)) return undefined;
  // An n-point rule is exact to twice the degree of the interpolant: its error is the square of what that leaves.
  const error = moments.square > 0 ? (unresolved / moments.square) ** 2 : 0;
  return error <= MOMENT_TOLERANCE ? { ...moments, error: Math.max(error, 2 ** -53) } : undefined;
}

/** Error by aliasing of σ², zσ and (z² − 1)σ beside their bounds. */
function momentError(nodes: Float64Array, weights: Float64Array, samples: Float64Array, square: number): number {
  if (square === 0) return 0;
  const [squares, linear, quadratic] = partialSums as [Float64Array, Float64Array, Float64Array];
  for (const sums of partialSums) sums.fill(0);
  for (let i = 0; i < nodes.length; i++) {
    const z = nodes[i]!;
    const j = i & (STRIDE - 1);
    const term = weights[i]! * samples[i]!;
    squares[j]! += term * samples[i]!;
    linear[j]! += term * z;
    quadratic[j]! += term * (z * z - 1);
  }
  const rest = Math.max(aliasingOfSums(linear), aliasingOfSums(quadratic) * Math.SQRT1_2);
  return Math.max(aliasingOfSums(squares) / square, rest / Math.sqrt(square));
}

/** Of σ², zσ and (z² − 1)σ. */
const partialSums = [0, 1, 2].map(() => new Float64Array(STRIDE));
