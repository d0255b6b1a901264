import { breakpointsOf } from "../activation/conditionalMoments.ts";
import type { Rows } from "../problem/rows.ts";
import { type Table, tabulate } from "../problem/table.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { normalCdf, normalPdf } from "../numerics/normal.ts";
import { labelMoments } from "./interpolationPotential.ts";
import type { LabelLaw } from "./labelLaw.ts";
import { packedIndex } from "../bulk/packed.ts";
import type { WeightResolvent } from "../bulk/weightResolvent.ts";
import { DERIVATIVES, type LocalPotential, MEAN, SLOPE, SUSCEPTIBILITY, VARIANCE } from "./localPotential.ts";
import type { SaddleState } from "./localState.ts";

/** A model as the losses see it. */
export interface LossModel {
  readonly rows: Rows;
  readonly bulk: WeightResolvent;
  readonly labels: LabelLaw;
}

/** A solution by which the next grid of κ is chosen. */
export interface StateProbe {
  readonly state: SaddleState;
  readonly susceptibility: number;
  /** Of residuals where features vanish. */
  readonly stiffness: number;
}

export interface GridProbe extends StateProbe {
  readonly potential: LocalPotential;
}

/** Components of the integrand: features, channels and label law; then those of a probe. */
const [PLAIN, PROBED] = [5, 6];
/** Error of the tabulated moments, relative to the features. */
const ROUNDING = 1e-15;
/** Rounding of the local potential, where probabilities are differences, relative to what its derivatives are in the bulk of κ. */
const LOCAL_ROUNDING = 1e-13;
/** No average is resolved better, whatever the panels leave. */
const LEAST_TOLERANCE = 1e-12;
/** Part of the typical E g² below which its root is not resolved: it jumps where labels begin to be left out. */
const LEAST_PULL = 1e-6;
/** Places in the bulk of κ, other than 0, where certain labels are undecided. */
const PLACES = [-2, -1, -0.1, 1, 2];
/** Where the density of κ is below this fraction of the tolerance, the probe is left out. */
const NEGLIGIBLE = 1e-4;

/**
 * The problem on a grid of κ that resolves the features, the law of the label, and at a solution the derivatives of
 * the local potential there.
 *
 * @param splits where panels end; without any the grid may be a trapezoid rule
 */
export function lossGrid(
  model: LossModel,
  tolerance: number,
  margin: boolean,
  probe?: GridProbe,
  splits: readonly number[] = [],
): Table {
  const { rows } = model;
  const { alignment, target, signs } = model.labels;
  const smooth = Math.abs(alignment) < 1 || (margin && signs?.law.kind === "steps" && signs.law.noise > 0);
  const jumps = smooth ? [] : breakpointsOf(signs?.mean ?? target, 0, alignment);
  const local = new Float64Array(DERIVATIVES);
  const rounding = ROUNDING / Math.max(tolerance, LEAST_TOLERANCE);
  const coefficients = probe ? probe.state.coefficients.reduce((total, t) => total + Math.abs(t), 0) : 0;

  const centre = probe ? localValues(rows, 0, probe).V : 0;
  const channelShare = shareOfChannels(rows);
  const labelFloor = Math.abs(alignment) < 1 ? 0 : typicalLabel(rows);
  const floor = probe ? LEAST_PULL * typicalPull(rows, probe) : 0;

  function integrand(kappa: number, out: Float64Array): void {
    const row = rows.row(kappa);
    const { mean: h, slope, spread } = labelMoments(rows, kappa);
    const residual = spread + labelFloor;
    let [features, linear, channels, sum] = [0, 0, 0, 0];
    for (const { mu1, mu2Squared } of row.groups) {
      features += mu1 ** 2 + mu2Squared;
      linear += mu1;
    }
    for (const value of row.values) {
      sum += value;
      channels += value ** 2;
    }
    // What may cancel everywhere is added to its bound, and what may be all rounding to that of the moments, so that
    // neither is resolved for its own sake. The bounds are smooth: channels may vanish where the features do not.
    const amplitude = Math.sqrt(channels + (channelShare + rounding ** 2) * features);
    out[0] = features;
    out[1] = amplitude * amplitude;
    out[2] = sum + amplitude;
    out[3] = margin ? 2 + h : h + Math.hypot(h, slope, Math.sqrt(residual));
    out[4] = margin ? 1 : h ** 2 + slope ** 2 + residual;
    if (!probe) return;
    const { M, L, V, s2 } = localValues(rows, kappa, probe);
    // Far out, where features vanish, residuals weigh more.
    const amplified = amplification(probe.stiffness, centre, V);
    if (normalPdf(kappa) * amplified < NEGLIGIBLE * Math.max(tolerance, LEAST_TOLERANCE)) {
      out.fill(0, PLAIN);
      return;
    }
    probe.potential.evaluate(kappa, M, L, s2, V, local);
    const size = Math.sqrt(-2 * local[SUSCEPTIBILITY]! + floor);
    const curvature = 2 * local[VARIANCE]!;
    // What rounding of the moments makes of M, where large coefficients cancel.
    const noise = rounding * coefficients * Math.sqrt(features);
    const relativeNoise = 1 + noise / Math.sqrt(s2);
    out[5] = local[MEAN]! * sum + (size + curvature * noise) * amplitude;
    out[6] = local[SLOPE]! * linear + (size + curvature * noise) * Math.sqrt(features);
    out[7] = curvature * features * relativeNoise;
    out[8] = size * (size + curvature * noise) * features;
    out[9] = curvature * amplitude * amplitude * relativeNoise;
    // The side of the output, with which losses may change faster than their derivatives do.
    out[10] = margin ? normalCdf(M / Math.sqrt(s2 + L * L + probe.potential.blur)) : 0;
  }

  const rule = adaptGaussianRule(integrand, {
    dimension: PLAIN + (probe ? PROBED : 0),
    breakpoints: [...jumps, ...splits],
    ...{ tolerance, rounding: LOCAL_ROUNDING },
    name: "loss given κ",
    resolution: rows.problem.resolution,
    prepare: (places) => rows.prepare(places),
  });
  return tabulate(rows, rule, 0);
}

/** Error of the averages of features and channels on a grid that is only a start. */
const ROUGH = 1e-4;

/** A grid that resolves the features, at no solution yet. */
export const roughGrid = (model: LossModel, margin: boolean): Table => lossGrid(model, ROUGH, margin);

/** E g² at a few places of the bulk of κ. */
function typicalPull(rows: Rows, probe: GridProbe): number {
  const local = new Float64Array(DERIVATIVES);
  const pulls = PLACES.map((kappa) => {
    const { M, L, V, s2 } = localValues(rows, kappa, probe);
    probe.potential.evaluate(kappa, M, L, s2, V, local);
    return -2 * local[SUSCEPTIBILITY]!;
  });
  return pulls.reduce((sum, pull) => sum + pull, 0) / pulls.length;
}

/** h² at a few places of the bulk of κ: where κ says all of the label, its bound would have a kink wherever it vanishes. */
const typicalLabel = (rows: Rows): number =>
  PLACES.reduce((sum, kappa) => sum + rows.row(kappa).target.mean ** 2, 0) / PLACES.length;

/** Σ X² over Σ μ1² + μ2² at a few places of the bulk of κ. */
function shareOfChannels(rows: Rows): number {
  let [features, channels] = [0, 0];
  for (const kappa of PLACES) {
    const row = rows.row(kappa);
    for (const { mu1, mu2Squared } of row.groups) features += mu1 ** 2 + mu2Squared;
    for (const value of row.values) channels += value ** 2;
  }
  return features > 0 ? channels / features : 0;
}

/** Keeps V and s² positive where features underflow. */
const LEAST = 1e-150;

/** By how much a square residual weighs more than in the middle where V has another value. */
export const amplification = (stiffness: number, centre: number, V: number): number =>
  stiffness === Infinity ? 1 : ((stiffness + centre) / (stiffness + V)) ** 2;

/** M, L, V and s² at one row. */
export function localValues(rows: Rows, kappa: number, { state, susceptibility }: StateProbe) {
  const { traces, norms, coefficients } = state;
  const start = rows.at(kappa);
  const { records, layout, problem } = rows;
  const K = problem.groups.length;
  const index = packedIndex(K);
  const last = traces.length - K;
  let [M, L, V, s2] = [0, 0, 0, 0];
  for (let c = 0; c < coefficients.length; c++) {
    M += records[start + layout.channel(c, 0)]! * coefficients[c]!;
    L += records[start + layout.channel(c, 1)]! * coefficients[c]!;
  }
  for (let k = 0; k < K; k++) {
    const mu1 = records[start + layout.group(k)]!;
    for (let l = 0; l < K; l++) {
      const product = mu1 * records[start + layout.group(l)]!;
      V += product * traces[index[k * K + l]!]!;
      s2 += product * norms[index[k * K + l]!]!;
    }
    const mu2Squared = records[start + layout.group(k) + 1]!;
    V += mu2Squared * traces[last + k]!;
    s2 += mu2Squared * norms[last + k]!;
  }
  return { M, L, V: Math.max(V * susceptibility, LEAST), s2: Math.max(s2, LEAST) };
}
