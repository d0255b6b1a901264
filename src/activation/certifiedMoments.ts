import { type Box, modulus } from "../numerics/box.ts";
import { fillPanels, PANEL_NODES, planRule, type RulePlan } from "../numerics/certifiedRule.ts";
import { fixedTrapezoid } from "../numerics/adaptiveTrapezoid.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import type { Smoothness } from "../numerics/smoothness.ts";
import type { Activation } from "./activationType.ts";
import { latticeOf, type ShiftLine } from "./lattice.ts";
import { type ConditionalMoments, sumMoments } from "./momentSums.ts";

/** Relative error of the moments at which rules aim, and up to which they are taken. */
const [AIM, ACCEPTED] = [2 ** -50, 1e-14];
/** E σ² is looked for at these z; a rule is made for a part of what is found. */
const PLACES = Array.from({ length: 25 }, (_, i) => -6.1 + i * 0.5);
const CAUTION = 1 / 8;
/** A bound of E σ² that is as small as this is 0. */
const UNDERFLOW = 1e-280;
/** E σ² as a part of its bound, before it is known. */
const FIRST_GUESS = 1e-3;
/** The next guess, where nothing was found. */
const FAINTER = 1e-6;
const MOST_ATTEMPTS = 12;
/** Scales of one activation whose rules are kept. */
const MOST_SCALES = 24;

/** A rule for the shifts of one bucket, for E σ² of at least `unit`. */
interface Planned {
  readonly plan: RulePlan | undefined;
  readonly unit: number;
  /** σ on the nodes of panels, which all shifts share. */
  samples?: Float64Array;
}

interface Planner {
  everywhere: Planned | undefined;
  readonly buckets: Map<number, Planned>;
}

const planners = new WeakMap<Smoothness, Map<number, Planner>>();

function plannerFor(smoothness: Smoothness, scale: number): Planner {
  let scales = planners.get(smoothness);
  if (!scales) planners.set(smoothness, (scales = new Map<number, Planner>()));
  let planner = scales.get(scale);
  if (!planner) {
    if (scales.size >= MOST_SCALES) scales.clear();
    scales.set(scale, (planner = { everywhere: undefined, buckets: new Map<number, Planned>() }));
  }
  return planner;
}

/** Bounds of σ², zσ, (z² − 1)σ and the square of an affine function in units of E σ² = unit. */
const momentBound = (unit: number) => {
  const root = 1 / Math.sqrt(unit);
  return (image: Box, z: Box): number => {
    const size = Math.max(1, modulus(image) * root);
    const far = modulus(z);
    return size * Math.max(size, 1 + far * far);
  };
};

/** The moments by a rule whose error is bounded; undefined where the bounds of σ do not lead to one. */
export function certifiedMoments(f: Activation, shift: number, scale: number): ConditionalMoments | undefined {
  const { smoothness } = f;
  if (!smoothness) return undefined;
  const planner = plannerFor(smoothness, scale);
  const bucket = Math.floor(shift / scale);
  if (!Number.isSafeInteger(bucket)) return undefined;
  let planned = planner.buckets.get(bucket);
  if (!planned && smoothness.breaks.length === 0)
    planned = planner.everywhere ??= planEverywhere(f, smoothness, shift, scale);
  for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt++) {
    if (planned?.plan) {
      const moments = momentsBy(f, planned, shift, scale);
      const known = accepted(moments, planned, planned.plan, shift, scale);
      if (known) return known;
      const next = moments.square > 0 ? CAUTION * moments.square : FAINTER * planned.unit;
      planned = planBucket(smoothness, bucket, scale, next);
    } else {
      if (attempt > 0 && planned) return undefined;
      planned = planBucket(smoothness, bucket, scale, undefined);
    }
    planner.buckets.set(bucket, planned);
  }
  return undefined;
}

/** The moments with their error, if it is as small as one takes. */
function accepted(
  moments: Omit<ConditionalMoments, "error">,
  planned: Planned,
  plan: RulePlan,
  shift: number,
  scale: number,
): ConditionalMoments | undefined {
  const error = (plan.error * planned.unit) / moments.square;
  if (!(error <= ACCEPTED || (planned.unit === 0 && moments.square === 0))) return undefined;
  const rounding = moments.square > 0 ? argumentRounding(planned, moments.square, shift, scale) : 0;
  return { ...moments, error: Math.max(planned.unit === 0 ? 0 : error, 2 ** -53) + rounding };
}

/**
 * The moments at every shift of a line, by samples that all of them share; undefined for those without a rule of equidistant nodes
 * that holds at any shift.
 */
export function certifiedLine(
  f: Activation,
  line: ShiftLine,
  scale: number,
): readonly (ConditionalMoments | undefined)[] {
  const { smoothness } = f;
  if (!smoothness || smoothness.breaks.length > 0) return [];
  const planner = plannerFor(smoothness, scale);
  const middle = line.first + 0.5 * (line.count - 1) * line.step;
  const planned = (planner.everywhere ??= planEverywhere(f, smoothness, middle, scale));
  const { plan } = planned;
  if (!plan || !("step" in plan)) return [];
  const lattice = latticeOf(f.value, line, scale, plan.step, plan.reach);
  if (!lattice) return [];
  return Array.from({ length: line.count }, (_, k) => {
    const moments = sumMoments(lattice.nodes, lattice.weights, lattice.samples(k));
    return accepted(moments, planned, plan, line.first + k * line.step, scale);
  });
}

function sampledSquare(f: Activation, shift: number, scale: number): number {
  return PLACES.reduce((sum, z) => sum + 0.5 * gaussianDensity(z) * f.value(shift + scale * z) ** 2, 0);
}

function planEverywhere(f: Activation, smoothness: Smoothness, shift: number, scale: number): Planned {
  const unit = CAUTION * sampledSquare(f, shift, scale);
  if (!(unit > 0 && unit < Infinity)) return { plan: undefined, unit };
  const plan = planRule({
    smoothness,
    shifts: [-Infinity, Infinity],
    scale,
    bound: momentBound(unit),
    tolerance: AIM,
  });
  return { plan, unit };
}

/** Ends of intervals of |z| on which σ² is bounded. */
const EDGES = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 14, 16, 18, 20, 22, 24, 26, 28, 30, 32, 34, 36, 38];

/** Bound of E σ². */
function possibleSquare(smoothness: Smoothness, shifts: readonly [number, number], scale: number): number {
  let sum = 0;
  for (let i = 0; i + 1 < EDGES.length; i++) {
    const [near, far] = [scale * EDGES[i]!, scale * EDGES[i + 1]!];
    // The root first: σ² alone may leave the range of numbers.
    const root = Math.sqrt((EDGES[i + 1]! - EDGES[i]!) * gaussianDensity(EDGES[i]!));
    const right = root * modulus(smoothness.range(shifts[0] + near, shifts[1] + far));
    const left = root * modulus(smoothness.range(shifts[0] - far, shifts[1] - near));
    sum += right * right + left * left;
  }
  return sum;
}

function planBucket(smoothness: Smoothness, bucket: number, scale: number, square: number | undefined): Planned {
  const shifts = [bucket * scale, (bucket + 1) * scale] as const;
  const possible = possibleSquare(smoothness, shifts, scale);
  if (possible < UNDERFLOW) return { plan: { step: 0.5, reach: 9.5, error: 0 }, unit: 0 };
  const unit = square ?? (possible < Infinity ? FIRST_GUESS * possible : 0);
  if (!(unit > 0 && unit < Infinity)) return { plan: undefined, unit };
  const plan = planRule({ smoothness, shifts, scale, bound: momentBound(unit), tolerance: AIM });
  return { plan, unit };
}

let [nodesBuffer, weightsBuffer] = [0, 0].map(() => new Float64Array(4096));
let samplesBuffer = new Float64Array(4096);

function momentsBy(f: Activation, planned: Planned, shift: number, scale: number): Omit<ConditionalMoments, "error"> {
  const plan = planned.plan!;
  if ("step" in plan) {
    const { nodes, weights } = fixedTrapezoid(plan.step, plan.reach);
    const samples = samplesOf(nodes.length);
    for (let i = 0; i < nodes.length; i++) samples[i] = f.value(shift + scale * nodes[i]!);
    return sumMoments(nodes, weights, samples);
  }
  const [nodes, weights] = buffers(PANEL_NODES * plan.panels.length);
  const samples = (planned.samples ??= samplesOn(f, plan.panels));
  fillPanels(plan.panels, shift, scale, nodes, weights);
  return sumMoments(nodes, weights, samples);
}

/**
 * What the rounding of x changes where σ varies within a short panel: σ(x(1 + ε)) − σ(x) is ε|x|/length of its size there.
 * Relative to √E σ² and E σ², as the error of the rule is.
 */
function argumentRounding(planned: Planned, square: number, shift: number, scale: number): number {
  const plan = planned.plan!;
  if ("step" in plan) return (2 ** -53 * (Math.abs(shift) + scale)) / (scale * plan.step);
  const { weights: unit } = legendreRule(PANEL_NODES);
  const root = 1 / Math.sqrt(square);
  let sum = 0;
  plan.panels.forEach(([left, right], k) => {
    const middle = 0.5 * (left + right);
    const z =
      Math.min(Math.abs(left - shift), Math.abs(right - shift), left < shift && shift < right ? 0 : Infinity) / scale;
    let size = 0;
    for (let i = 0; i < PANEL_NODES; i++) {
      const relative = Math.abs(planned.samples![k * PANEL_NODES + i]!) * root;
      size += unit[i]! * relative * (1 + z + relative);
    }
    // The weight of the panel is half its length, which the steepness divides by.
    sum += (0.5 / scale) * gaussianDensity(z) * size * Math.abs(middle);
  });
  return 2 ** -53 * sum;
}

function samplesOn(f: Activation, panels: readonly (readonly [number, number])[]): Float64Array {
  const { nodes } = legendreRule(PANEL_NODES);
  const samples = new Float64Array(PANEL_NODES * panels.length);
  panels.forEach(([left, right], k) => {
    for (let i = 0; i < PANEL_NODES; i++) {
      samples[k * PANEL_NODES + i] = f.value(0.5 * (left + right) + 0.5 * (right - left) * nodes[i]!);
    }
  });
  return samples;
}

/** Views of this length on shared memory. */
function buffers(length: number): [nodes: Float64Array, weights: Float64Array] {
  if (nodesBuffer!.length < length) [nodesBuffer, weightsBuffer] = [0, 0].map(() => new Float64Array(2 * length));
  return [nodesBuffer!.subarray(0, length), weightsBuffer!.subarray(0, length)];
}

function samplesOf(length: number): Float64Array {
  if (samplesBuffer.length < length) samplesBuffer = new Float64Array(2 * length);
  return samplesBuffer.subarray(0, length);
}
