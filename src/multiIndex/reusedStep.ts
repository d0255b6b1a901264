import { QuadratureError } from "../errors.ts";
import { gaussHermite } from "../numerics/gaussHermite.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";
import { restRule } from "./conditionalTarget.ts";
import type { RestRule, WeightedPoint } from "./restVisitor.ts";
import { dot, type Rows, specialGeometry, type SpecialGeometry } from "./geometry.ts";
import { labelCompressor } from "./labelRule.ts";
import { type Step, type SteppingNetwork, type TakenStep, targetDirections } from "./steps.ts";
import { MOMENT, momentRow, type MomentRow, tabulatedMoments } from "./studentMoments.ts";

/**
 * The spikes after a second step on the batch of the first, to leading order (multiIndex §5). The bulk after it, and with it any error, is
 * not derived.
 */
export interface ReusedStep {
  /** R Θᵀ after it, K×m. */
  readonly spikeAlongTarget: Rows;
  /** E[T_k s_i], K×m: what the second step adds, over η̃u_k. */
  readonly gradientAlongTarget: Rows;
  /** R_k·v after it, v along the spike of the first step; absent where that step has none. */
  readonly spikeAlongFirst?: readonly number[];
  /** Largest difference from a coarser quadrature. */
  readonly errorEstimate: number;
}

/** How fine the averages are. */
interface Resolution {
  readonly kappaStep: number;
  readonly panel: number;
  /** Of the residual, relative to its root mean square. */
  readonly labelScale: number;
}
const COARSE: Resolution = { kappaStep: 0.3, panel: 1.8, labelScale: 0.5 };
const FINE: Resolution = { kappaStep: 0.2, panel: 1.2, labelScale: 0.33 };
/** Difference between the two beyond which the spike is not given. */
const MOST_ERROR = 1e-4;
const REACH = 8.5;
const KAPPA_REACH = 7;
/** Samples of less weight are rounding. */
const NO_WEIGHT = 1e-15;
const PANEL_NODES = 10;
const NOISE_NODES = 20;

/** A group on a training sample of the first step: its second pre-activation is R_kκ + bulk + shift·res σ′(z) (multiIndex §5). */
interface SeenGroup {
  /** R_k·v */
  readonly spike: number;
  /** η̃u_k/α₁ */
  readonly shift: number;
  /** Cov(z, bulk), z the first pre-activation. */
  readonly covariance: number;
  /** Moments over the part of the bulk that is independent of z. */
  readonly moments: MomentRow;
}

/** @throws QuadratureError where the averages do not converge */
export function reusedStep(network: SteppingNetwork, first: TakenStep, step: Step): ReusedStep {
  const { R } = first.after;
  const { directions: m, planes } = network.target;
  const geometry = specialGeometry(R, targetDirections(m, R[0]!.length), planes);
  const rest = restRule(network.target, geometry);
  const [coarse, fine] = [COARSE, FINE].map((resolution) => gradients(network, first, geometry, rest, resolution));
  const difference = Math.max(
    ...fine!.flatMap(({ values }, k) => values.map((value, i) => Math.abs(value - coarse![k]!.values[i]!))),
  );
  const scale = Math.max(...fine!.map(({ size }) => size), 0);
  if (!(difference <= MOST_ERROR * Math.max(scale, Number.MIN_VALUE))) {
    throw new QuadratureError(
      "target",
      `the step on a batch used twice is known to ${difference.toExponential(1)} only`,
    );
  }
  const rates = network.readoutValues.map((u) => step.learningRate * u);
  const gradientAlongTarget = fine!.map(({ values }) => values.slice(0, m));
  return {
    spikeAlongTarget: R.map((row, k) => gradientAlongTarget[k]!.map((g, i) => row[i]! + rates[k]! * g)),
    gradientAlongTarget,
    ...(geometry.q > 0 && {
      spikeAlongFirst: fine!.map(({ values }, k) => geometry.spikes[k]![0]! + rates[k]! * values[m]!),
    }),
    errorEstimate: difference + rest.error * scale,
  };
}

/** Of every group E[T_k s_i] for every i, then E[T_k(κ + res/(α₁|b₀|))] along v, and E|T_k|. */
function gradients(
  network: SteppingNetwork,
  first: TakenStep,
  geometry: SpecialGeometry,
  rest: RestRule,
  resolution: Resolution,
): { readonly values: readonly number[]; readonly size: number }[] {
  const { readoutValues: u, readoutFractions: pi } = network;
  const groups = seenGroups(network, first, geometry);
  const z = normalPanels(network.student.kinks, resolution.panel);
  const slopes = z.nodes.map((node) => network.student.derivative(node));
  const out = new Float64Array(8);
  const sums = u.map(() => ({ along: new Array<number>(geometry.q + geometry.rest).fill(0), self: 0, size: 0 }));
  const output = first.tables.output[0]!;
  /** E σ and E σ′ of every group on a sample. */
  const features = (kappa: number, residual: number) =>
    groups.map(({ spike, shift, covariance, moments }) => {
      let [mean, slope] = [0, 0];
      for (let n = 0; n < z.nodes.length; n++) {
        moments(spike * kappa + covariance * z.nodes[n]! + shift * residual * slopes[n]!, out);
        mean += z.weights[n]! * out[MOMENT.mean]!;
        slope += z.weights[n]! * out[MOMENT.linear]!;
      }
      return { mean, slope };
    });
  const axis = geometry.q > 0 ? trapezoid(resolution.kappaStep) : [{ kappa: 0, weight: 1 }];
  for (const { kappa, weight } of axis) {
    const seen = residuals(
      network,
      first,
      rest,
      { kappa: geometry.q > 0 ? [kappa] : [], weight },
      geometry.rest,
      resolution,
    );
    seen.nodes.forEach((residual, j) => {
      if (seen.weights.every((column) => weight * Math.abs(column[j]!) < NO_WEIGHT)) return;
      const made = features(kappa, residual);
      const F = made.reduce((sum, { mean }, k) => sum + pi[k]! * u[k]! * mean, 0);
      made.forEach(({ slope }, k) => {
        const T = (residual + output - F) * slope;
        const share = weight * seen.weights[0]![j]!;
        if (geometry.q > 0) sums[k]!.along[0]! += share * T * kappa;
        for (let b = 0; b < geometry.rest; b++) {
          sums[k]!.along[geometry.q + b]! += weight * seen.weights[1 + b]![j]! * T;
        }
        sums[k]!.self += share * T * residual;
        sums[k]!.size += Math.abs(share * T);
      });
    });
  }
  return sums.map(({ along, self, size }) => {
    const target = Array.from({ length: network.target.directions }, (_, i) => {
      const row = [...geometry.gamma.map((gamma) => gamma[i]!), ...(geometry.L[i] ?? [])];
      return dot(row, along);
    });
    const alongFirst =
      geometry.q > 0 ? along[0]! + self / (first.step.stepSampleRatio * gradientLength(network, first, geometry)) : 0;
    return { values: [...target, alongFirst], size };
  });
}

/** b₀·v, with the sign that v has: R_k = η̃u_k E[σ′] b₀. */
function gradientLength(
  { readoutValues: u }: SteppingNetwork,
  { step, tables }: TakenStep,
  { spikes }: SpecialGeometry,
): number {
  const k = u.reduce((best, value, i) => (Math.abs(value) > Math.abs(u[best]!) ? i : best), 0);
  return spikes[k]![0]! / (step.learningRate * u[k]! * tables.moments[k]![MOMENT.linear]![0]!);
}

function seenGroups(
  network: SteppingNetwork,
  { step, tables, after }: TakenStep,
  { spikes }: SpecialGeometry,
): SeenGroup[] {
  const mean = tables.rule.weights.reduce((sum, w, i) => sum + w * tables.residual[i]!, 0);
  return network.readoutValues.map((u, k) => {
    const covariance = 1 + step.learningRate * u * mean * tables.moments[k]![MOMENT.norm]![0]!;
    // A bulk that z alone determines belongs to a linear student, whose moments are the same for any width.
    const width = Math.sqrt(Math.max(after.tau[k]! ** 2 - covariance ** 2, 1e-6));
    return {
      spike: spikes[k]![0] ?? 0,
      shift: (step.learningRate * u) / step.stepSampleRatio,
      covariance,
      moments: tabulatedMoments(momentRow(network.student, width, false), width),
    };
  });
}

/** Residuals of the first step at one κ: weights of each, then with every ζ_b. */
function residuals(
  network: SteppingNetwork,
  { tables }: TakenStep,
  rest: RestRule,
  at: WeightedPoint,
  dimension: number,
  { labelScale }: Resolution,
) {
  const noise = network.labelNoise > 0 ? gaussHermite(NOISE_NODES) : { nodes: [0], weights: [1] };
  const deviation = Math.sqrt(network.labelNoise);
  const output = tables.output[0]!;
  const rms = Math.sqrt(tables.rule.weights.reduce((sum, w, i) => sum + w * tables.squaredResidual[i]!, 0));
  const visit = (visitor: (residual: number, weight: number, zeta: ArrayLike<number>) => void) =>
    rest.visit(at, (value, weight, zeta) =>
      noise.nodes.forEach((e, n) => visitor(value + deviation * e - output, weight * noise.weights[n]!, zeta)),
    );
  let [low, high] = [Infinity, -Infinity];
  visit((residual) => {
    low = Math.min(low, residual);
    high = Math.max(high, residual);
  });
  const compressor = labelCompressor(low, high, labelScale * rms, 1 + dimension);
  const columns = new Float64Array(1 + dimension);
  visit((residual, weight, zeta) => {
    columns[0] = weight;
    for (let b = 0; b < dimension; b++) columns[1 + b] = weight * zeta[b]!;
    compressor.add(residual, columns);
  });
  return compressor.rule();
}

function trapezoid(step: number): { readonly kappa: number; readonly weight: number }[] {
  const half = Math.ceil(KAPPA_REACH / step);
  return Array.from({ length: 2 * half + 1 }, (_, i) => {
    const kappa = (i - half) * step;
    return { kappa, weight: (step * Math.exp(-0.5 * kappa * kappa)) / Math.sqrt(2 * Math.PI) };
  });
}

/** Gauss–Legendre panels for the standard normal, cut at the kinks of the student. */
function normalPanels(kinks: readonly number[], longest: number) {
  const cuts = [-REACH, ...kinks.filter((x) => Math.abs(x) < REACH), REACH].sort((a, b) => a - b);
  const { nodes: unit, weights: unitWeights } = legendreRule(PANEL_NODES);
  const [nodes, weights]: [number[], number[]] = [[], []];
  for (let c = 0; c + 1 < cuts.length; c++) {
    const count = Math.max(1, Math.ceil((cuts[c + 1]! - cuts[c]!) / longest));
    const half = (cuts[c + 1]! - cuts[c]!) / (2 * count);
    for (let panel = 0; panel < count; panel++) {
      unit.forEach((x, j) => {
        const node = cuts[c]! + half * (2 * panel + 1 + x);
        nodes.push(node);
        weights.push((half * unitWeights[j]! * Math.exp(-0.5 * node * node)) / Math.sqrt(2 * Math.PI));
      });
    }
  }
  return { nodes, weights };
}
