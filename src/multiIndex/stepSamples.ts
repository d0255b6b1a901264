import { restRule, type Saturation } from "./conditionalTarget.ts";
import { trapezoidAxis } from "../numerics/axisRule.ts";
import { labelCompressor, type LabelRule } from "./labelRule.ts";
import type { RestRule, WeightedPoint } from "./restVisitor.ts";
import type { SteppingNetwork, TakenStep } from "./steps.ts";
import { MOMENT } from "./studentMoments.ts";

/**
 * The law of a step's sample as the pencil sees it (multiIndex §4): nodes of the residual at every κ, with weights for the
 * powers of the sample's coordinates S = (κ, ζ) up to the second.
 */
export interface StepSamples {
  /** Residual y − F(κ) at the nodes. */
  readonly residual: Float64Array;
  /** Index of κ at the nodes. */
  readonly place: Int32Array;
  readonly weight: Float64Array;
  /** Weights for S_a. */
  readonly first: readonly Float64Array[];
  /** Weights for S_aS_b, b ≤ a. */
  readonly second: readonly (readonly Float64Array[])[];
  /** Per group, T_t on (s_t, q_t) up to sign: η̃²u²(var − e1²)res²/α_t and η̃u e1 res/τ. */
  readonly square: readonly Float64Array[];
  readonly linear: readonly Float64Array[];
  /** 1/α_t */
  readonly inverseRatio: number;
}

/** Weights of κ below which its samples do not count. */
const NEGLIGIBLE = 1e-14;
/** Reach of the label noise. */
const NOISE_REACH = 8.5;
const FEW_NODES = 40;
/** Weight of a κ that sets the scale of a step's samples. */
const RELEVANT = 1e-6;

export function stepSamples(network: SteppingNetwork, { tables, step, before }: TakenStep): StepSamples {
  const { rule, moments, output, geometry } = tables;
  const { readoutValues: u, labelNoise } = network;
  const inverse = 1 / step.stepSampleRatio;
  const rates = u.map((value) => step.learningRate * value);
  const noise = Math.sqrt(labelNoise);
  const [q, dimension] = [geometry.q, geometry.rest];
  const scales = Float64Array.from(rule.weights, (_, j) => {
    const rms = Math.sqrt(tables.squaredResidual[j]!) || 1;
    return 0.5 * Math.min(rms, poleScale(moments, rates, before.tau, inverse, j));
  });
  const smallest = scales.reduce((least, s, j) => (rule.weights[j]! > RELEVANT ? Math.min(least, s) : least), Infinity);
  const rest = restRule(network.target, geometry, saturations(Math.max(smallest, noise / 2), tables));
  const lawAt = cleanLaws(rest, dimension);
  const columns: number[][] = Array.from({ length: columnsOf(dimension) }, () => []);
  const [residual, place]: number[][] = [[], []];
  rule.weights.forEach((atKappa, j) => {
    if (atKappa < NEGLIGIBLE) return;
    const kappa = rule.coordinates.map((axis) => axis[j]!);
    const law = lawAt({ kappa, weight: atKappa }, output[j]!);
    const scale = scales[j]!;
    const clean = compressed(law, Math.max(scale, noise / 2));
    const full = noise === 0 ? clean : withNoise(clean, noise, scale);
    full.nodes.forEach((value, i) => {
      residual!.push(value);
      place!.push(j);
      full.weights.forEach((weights, c) => columns[c]!.push(atKappa * weights[i]!));
    });
  });
  const at = Int32Array.from(place!);
  const total = columns[0]!.reduce((sum, w) => sum + w, 0);
  const [weight, ...others] = columns.map((column) => Float64Array.from(column, (w) => w / total));
  const slopes = others.slice(0, dimension);
  const squares = others.slice(dimension);
  const kappaColumn = (a: number, w: Float64Array) => w.map((value, i) => value * rule.coordinates[a]![at[i]!]!);
  const y = Float64Array.from(residual!);
  const second = Array.from({ length: q + dimension }, (_, a) =>
    Array.from({ length: a + 1 }, (_, b) => {
      if (a < q) return kappaColumn(b, kappaColumn(a, weight!));
      return b < q ? kappaColumn(b, slopes[a - q]!) : squares[((a - q) * (a - q + 1)) / 2 + b - q]!;
    }),
  );
  return {
    residual: y,
    place: at,
    weight: weight!,
    first: [...rule.coordinates.map((_, a) => kappaColumn(a, weight!)), ...slopes],
    second,
    square: rates.map((rate, k) =>
      y.map((value, i) => inverse * (rate * value) ** 2 * moments[k]![MOMENT.rest]![at[i]!]!),
    ),
    linear: rates.map((rate, k) =>
      y.map((value, i) => (rate * value * moments[k]![MOMENT.norm]![at[i]!]!) / before.tau[k]!),
    ),
    inverseRatio: inverse,
  };
}

/** Lorentzians of the widths at which the pencil saturates, where labels are. */
function saturations(scale: number, { output, rule, squaredResidual }: TakenStep["tables"]): Saturation[] {
  const mean = output.reduce((sum, value, j) => sum + rule.weights[j]! * value, 0);
  const rms = Math.sqrt(squaredResidual.reduce((sum, value, j) => sum + rule.weights[j]! * value, 0));
  return [0, rms, -rms].flatMap((offset) => [2, 8].map((width) => ({ centre: mean + offset, width: width * scale })));
}

/** Residual beyond which the pencil saturates at this κ. */
function poleScale(
  moments: readonly (readonly Float64Array[])[],
  rates: readonly number[],
  tau: readonly number[],
  inverse: number,
  j: number,
): number {
  const strongest = Math.max(
    ...rates.map((rate, k) => {
      const [rest, e1] = [moments[k]![MOMENT.rest]![j]!, moments[k]![MOMENT.norm]![j]! / tau[k]!];
      return Math.abs(rate) * Math.sqrt(rest + e1 * e1);
    }),
  );
  return inverse * strongest > 0 ? 1 / (inverse * strongest) : Infinity;
}

/** Residuals with their weights: those for 1, ζ_b and ζ_bζ_b′ follow one another. */
interface Law {
  readonly nodes: Float64Array;
  readonly values: Float64Array;
}

/** Makes the clean residuals at one κ after another, each in the place of the last. */
function cleanLaws(rest: RestRule, dimension: number) {
  const columns = columnsOf(dimension);
  let nodes = new Float64Array(64);
  let values = new Float64Array(columns * nodes.length);
  return (at: WeightedPoint, output: number): Law => {
    let count = 0;
    rest.visit(at, (value, weight, zeta) => {
      if (count === nodes.length) [nodes, values] = [longer(nodes), longer(values)];
      nodes[count] = value - output;
      let to = columns * count++;
      values[to++] = weight;
      for (let b = 0; b < dimension; b++) values[to++] = weight * zeta[b]!;
      for (let b = 0; b < dimension; b++) {
        const once = weight * zeta[b]!;
        for (let c = 0; c <= b; c++) values[to++] = once * zeta[c]!;
      }
    });
    return { nodes: nodes.subarray(0, count), values: values.subarray(0, columns * count) };
  };
}

function longer(values: Float64Array): Float64Array<ArrayBuffer> {
  const out = new Float64Array(2 * values.length);
  out.set(values);
  return out;
}

/** Weights of a residual. */
function columnsOf(dimension: number): number {
  return 1 + dimension + (dimension * (dimension + 1)) / 2;
}

function compressed({ nodes, values }: Law, scale: number): LabelRule {
  const columns = values.length / nodes.length;
  if (nodes.length <= FEW_NODES) {
    const column = (c: number) => Float64Array.from(nodes, (_, i) => values[i * columns + c]!);
    return { nodes: nodes.slice(), weights: Array.from({ length: columns }, (_, c) => column(c)) };
  }
  const [low, high] = rangeOf(nodes);
  const compressor = labelCompressor(low, high, scale, columns);
  for (let i = 0; i < nodes.length; i++) compressor.add(nodes[i]!, values, i * columns);
  return compressor.rule();
}

/** Step of the noise's trapezoid rule at most, and relative to the scale: the nearest poles leave 1e-13 of both. */
const [NOISE_STEP, NOISE_SHARE] = [0.7, 0.42];

/** The law of y + √Δ ε. */
function withNoise({ nodes, weights }: LabelRule, noise: number, scale: number): LabelRule {
  const { nodes: epsilon, weights: shares } = trapezoidAxis(
    Math.min(NOISE_STEP, (NOISE_SHARE * scale) / noise),
    NOISE_REACH,
  );
  const reach = noise * epsilon.at(-1)!;
  const [low, high] = rangeOf(nodes);
  const compressor = labelCompressor(low - reach, high + reach, scale, weights.length);
  const row = new Float64Array(weights.length);
  nodes.forEach((y, i) => {
    epsilon.forEach((z, j) => {
      weights.forEach((column, c) => (row[c] = shares[j]! * column[i]!));
      compressor.add(y + noise * z, row);
    });
  });
  return compressor.rule();
}

function rangeOf(nodes: ArrayLike<number>): readonly [number, number] {
  let [low, high] = [Infinity, -Infinity];
  for (let i = 0; i < nodes.length; i++) {
    low = Math.min(low, nodes[i]!);
    high = Math.max(high, nodes[i]!);
  }
  return [low, high];
}
