import type { Activation } from "../activation/activation.ts";
import { breakpointsOf, hermiteNumbers } from "../activation/conditionalMoments.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import type { GridRule, Integrand } from "../numerics/gaussianRule.ts";
import type { Bulk, GroupMixing } from "../solver/bulk.ts";
import { mixedBulk } from "../solver/mixedBulk.ts";
import { isotropicBulk } from "../solver/isotropicBulk.ts";
import type { Channel, ConditionalFeatureStatistics } from "./conditionalFeatureStatistics.ts";
import { type Dependence, kappaResolution } from "./kappaResolution.ts";

type BulkOf<B> = (statistics: ConditionalFeatureStatistics, widthRatio: number) => B;

/**
 * A model as a function of κ. A row holds, in this order: μ1_k and μ2_k² of every group, the channels, then h, h_ζ and
 * the residual variance of the target, and the absolute error of every μ2_k² if it is not negligible.
 */
export interface Tabulation extends Pick<
  ConditionalFeatureStatistics,
  "labelNoise" | "alignment" | "student" | "derived" | "stepModel"
> {
  readonly target: Activation;
  readonly groups: readonly { readonly fraction: number; readonly bulkVariance: number }[];
  readonly channels: readonly Omit<Channel, "values">[];
  /** Writes the row at κ and returns the relative error of its moments. */
  readonly row: (kappa: number, out: Float64Array) => number;
  /** The activations whose moments given κ make up the rows. */
  readonly dependences: readonly Dependence[];
  /** The bulk, once the channels carry their values; isotropic by default. */
  readonly bulk?: BulkOf<Bulk> | undefined;
}

/** Susceptibility V(κ) of a row, by which the averages of the solver are damped. */
export type Susceptibility = (row: Float64Array) => number;

/** Relative accuracy of averages over κ when a grid is chosen. */
const GRID_TOLERANCE = 1e-10;
/** Susceptibility scales at which the first grid is chosen; the solver refines it where a solution needs more. */
const FIRST_SCALES = [0, 1, 10];
/** When a grid is refined for a susceptibility, it is made fit for one that is larger, too. */
const LOOK_AHEAD = [1, 10];

/**
 * Tabulates a model on a grid of κ that resolves the averages of the solver.
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function tabulate(model: Tabulation): ConditionalFeatureStatistics {
  const { labelNoise, alignment, student, target, derived, stepModel } = model;
  const { bulk = isotropic } = model;
  const targetNumbers = hermiteNumbers(target, "target");
  const breakpoints = targetBreakpoints(target, alignment);
  const K = model.groups.length;
  const width = 2 * K + model.channels.length + 3;
  const rows = new Map<number, Float64Array>();
  const resolution = kappaResolution(model.dependences);
  let momentError = 0;

  function rowAt(kappa: number): Float64Array {
    const known = rows.get(kappa);
    if (known) return known;
    const row = new Float64Array(width + K);
    momentError = Math.max(momentError, model.row(kappa, row));
    rows.set(kappa, row);
    return row;
  }

  function adapt(susceptibilities: readonly Susceptibility[], tolerance: number): ConditionalFeatureStatistics {
    const rule = adaptGaussianRule(solverIntegrands(rowAt, width, K, susceptibilities), {
      dimension: PER_SCALE * susceptibilities.length,
      breakpoints,
      tolerance,
      name: "student and target given κ",
      thrifty: true,
      resolution,
    });
    return onGrid(rule, rule.error);
  }

  function onGrid(rule: GridRule, error: number): ConditionalFeatureStatistics {
    const { nodes, weights } = rule;
    const table = Array.from(nodes, rowAt);
    const column = (c: number) => Float64Array.from(table, (row) => row[c]!);
    const groups = model.groups.map((group, k) => {
      return { ...group, mu1: column(2 * k), mu2Squared: column(2 * k + 1), mu2SquaredError: column(width + k) };
    });
    const channels = model.channels.map((channel, c) => ({ ...channel, values: column(2 * K + c) }));
    const mixed = (widthRatio: number, mixing: GroupMixing) => mixedBulk(groups, channels, widthRatio, mixing);
    const statistics: ConditionalFeatureStatistics = {
      nodes,
      weights,
      groups,
      channels,
      target: { mean: column(width - 3), slope: column(width - 2), residual: column(width - 1) },
      labelNoise,
      alignment,
      targetNumbers,
      student,
      targetActivation: target,
      ...(derived && { derived }),
      quadratureError: error + momentError,
      gridError: (values) => rule.errorOf(values),
      refine: (susceptibility, tolerance) =>
        adapt(
          LOOK_AHEAD.map((factor) => (row) => factor * susceptibility(row.subarray(0, 2 * K))),
          tolerance,
        ),
      rowAt,
      onGrid: (grid) => onGrid(grid, 0),
      bulk: (widthRatio) => bulk(statistics, widthRatio),
      ...(bulk === isotropic && K > 1 && { mixedBulk: mixed }),
      ...(stepModel && { stepModel }),
    };
    return statistics;
  }

  const scale = typicalSusceptibility(rowAt, K);
  return adapt(
    FIRST_SCALES.map((factor) => (row) => (factor * totalVariance(row, K)) / scale),
    GRID_TOLERANCE,
  );
}

const isotropic: BulkOf<Bulk> = ({ groups, channels }, widthRatio) => isotropicBulk(groups, channels, widthRatio);

/** Below this ρ/|γ| a kink of the target is so sharp in κ that panels are split at it. */
const SHARP = 0.2;

/** Where the target, averaged over ζ, has a kink or jump as a function of κ, or nearly so. */
function targetBreakpoints(target: Activation, alignment: number): number[] {
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  return orthogonal < SHARP * Math.abs(alignment) ? breakpointsOf(target, 0, alignment) : [];
}

const PER_SCALE = 6;
/** Channels below this part of the features' second moment are resolved beside that: their own digits are rounding. */
const FAINT = 4e-12;

/**
 * Integrands of the solver's averages at several susceptibilities. The parts of the target are resolved relative to
 * the whole of it: where ρ is small, those along ζ are small, too, and made of rounding.
 */
function solverIntegrands(
  rowAt: (kappa: number) => Float64Array,
  width: number,
  K: number,
  susceptibilities: readonly Susceptibility[],
): Integrand {
  return (kappa, out) => {
    const row = rowAt(kappa);
    let [linear, nonlinear, channels, spread] = [0, 0, 0, 0];
    for (let k = 0; k < K; k++) {
      linear += row[2 * k]! ** 2;
      nonlinear += row[2 * k + 1]!;
    }
    const h = row[width - 3]!;
    for (let c = 2 * K; c < width - 3; c++) {
      channels += row[c]! ** 2;
      spread += row[c]! * h;
    }
    const label = h * h + row[width - 2]! ** 2 + row[width - 1]!;
    susceptibilities.forEach((susceptibility, index) => {
      const damping = 1 / (1 + susceptibility(row));
      const square = damping * damping;
      const at = PER_SCALE * index;
      out[at] = linear * damping;
      out[at + 1] = nonlinear * damping;
      out[at + 2] = (linear + nonlinear) ** 2 * square;
      out[at + 3] = label * square;
      out[at + 4] = (channels + FAINT * (linear + nonlinear)) * square;
      out[at + 5] = (channels + spread + label) * damping;
    });
  };
}

/** Σ μ1_k² + μ2_k² */
function totalVariance(row: Float64Array, K: number): number {
  let sum = 0;
  for (let k = 0; k < K; k++) sum += row[2 * k]! ** 2 + row[2 * k + 1]!;
  return sum;
}

function typicalSusceptibility(rowAt: (kappa: number) => Float64Array, K: number): number {
  const places = [-2, -1, 0, 1, 2];
  const sum = places.reduce((total, kappa) => total + totalVariance(rowAt(kappa), K), 0);
  // Where an activation has no value is reported when the grid meets the place.
  return sum > 0 ? sum / places.length : 1;
}
