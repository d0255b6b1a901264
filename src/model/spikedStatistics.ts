import type { Activation } from "../activation/activation.ts";
import { breakpointsOf, conditionalMoments, hermiteNumbers } from "../activation/conditionalMoments.ts";
import { adaptGaussianRule, type Integrand } from "../numerics/gaussianAverage.ts";
import { isotropicBulk } from "../solver/isotropicBulk.ts";
import type { Channel, ConditionalFeatureStatistics, FeatureGroup } from "./conditionalFeatureStatistics.ts";

/** Spiked features in the common form: group k has pre-activations r_k κ + √c_k z. */
export interface SpikedFeatures {
  readonly student: Activation;
  readonly target: Activation;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  readonly groups: readonly {
    readonly fraction: number;
    /** r u_k */
    readonly spike: number;
    /** c_k */
    readonly bulkVariance: number;
    /** d Var ‖w_j‖²: strength of the row-norm channel; 0 for rows of equal norm. */
    readonly rowNormStrength: number;
  }[];
  /** Strength of the mean channels: Infinity, or d in the finite-size option (theory §6). */
  readonly meanStrength: number;
}

/** Relative accuracy of averages over κ; far below what the amplification by the saddle point can bring to 1e-9. */
const GRID_TOLERANCE = 1e-12;
/** Susceptibility scales at which a grid of κ must integrate 1/(1 + sv)² times the functions that enter. */
const PROBES = [0, 1, 30, 1e3];

const PER_GROUP = 4;

/**
 * Tabulates a spiked model on a grid of κ fine enough for everything that the solver averages (theory §3).
 *
 * @throws QuadratureError if a moment of the student or the target is not finite
 */
export function spikedStatistics(features: SpikedFeatures): ConditionalFeatureStatistics {
  const { student, target, groups, alignment, labelNoise } = features;
  const K = groups.length;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  let momentError = 0;

  // μ0, μ1, μ2², ∂μ0/∂c of every group, then the target's h, h_ζ, residual.
  const tabulate: Integrand = (kappa, out) => {
    groups.forEach(({ spike, bulkVariance: c }, k) => {
      const moments = conditionalMoments(student, spike * kappa, Math.sqrt(c), "student");
      out[PER_GROUP * k] = moments.mean;
      out[PER_GROUP * k + 1] = moments.first / Math.sqrt(c);
      out[PER_GROUP * k + 2] = moments.residual;
      out[PER_GROUP * k + 3] = (moments.second - moments.mean) / (2 * c);
      momentError = Math.max(momentError, moments.error);
    });
    const moments = conditionalMoments(target, alignment * kappa, orthogonal, "target");
    out[PER_GROUP * K] = moments.mean;
    out[PER_GROUP * K + 1] = moments.first;
    out[PER_GROUP * K + 2] = moments.residual + labelNoise;
    momentError = Math.max(momentError, moments.error);
  };

  const columns = PER_GROUP * K + 3;
  const probe = probes(tabulate, columns, K);
  const breakpoints = orthogonal === 0 ? breakpointsOf(target, 0, alignment) : [];
  const rule = adaptGaussianRule(probe.integrand, {
    dimension: probe.dimension,
    breakpoints,
    tolerance: GRID_TOLERANCE,
    name: "student and target given κ",
  });
  const column = (c: number) => rule.nodes.map((_, i) => rule.values[i * probe.dimension + c]!);

  const featureGroups: FeatureGroup[] = groups.map(({ fraction, bulkVariance }, k) => ({
    fraction,
    bulkVariance,
    mu1: column(PER_GROUP * k + 1),
    mu2Squared: column(PER_GROUP * k + 2),
  }));
  const channels = spikedChannels(features, rule.nodes, featureGroups, column);
  return {
    nodes: rule.nodes,
    weights: rule.weights,
    groups: featureGroups,
    channels,
    target: { mean: column(PER_GROUP * K), slope: column(PER_GROUP * K + 1), residual: column(PER_GROUP * K + 2) },
    labelNoise,
    alignment,
    quadratureError: rule.error + momentError,
    bulk: (widthRatio) => isotropicBulk(featureGroups, channels, widthRatio),
    targetNumbers: hermiteNumbers(target, "target"),
    student,
    targetActivation: target,
  };
}

/** Mean, spike-direction and row-norm channels of every group (theory §3), by kind and then by group. */
function spikedChannels(
  features: SpikedFeatures,
  nodes: Float64Array,
  groups: readonly FeatureGroup[],
  column: (c: number) => Float64Array,
): Channel[] {
  const mean = groups.map((_, group): Channel => {
    return { kind: "mean", group, values: column(PER_GROUP * group), strength: () => features.meanStrength };
  });
  const spike = groups.map(({ mu1, bulkVariance }, group): Channel => {
    const values = nodes.map((kappa, i) => kappa * mu1[i]!);
    return { kind: "spikeDirection", group, values, strength: () => bulkVariance };
  });
  const rows = features.groups.flatMap(({ rowNormStrength }, group): Channel[] => {
    if (rowNormStrength === 0) return [];
    return [{ kind: "rowNorm", group, values: column(PER_GROUP * group + 3), strength: () => rowNormStrength }];
  });
  return [...mean, ...spike, ...rows];
}

/**
 * Extends the tabulated functions by the averages' integrands at several susceptibilities, so that a grid that
 * resolves them serves every α, β and λ.
 */
function probes(tabulate: Integrand, columns: number, K: number): { integrand: Integrand; dimension: number } {
  const table = new Float64Array(columns);
  const scale = typicalSusceptibility(tabulate, table, K);
  const dimension = columns + PROBES.length * 5;
  const integrand: Integrand = (kappa, out) => {
    tabulate(kappa, table);
    out.set(table);
    let [first, second, mean] = [0, 0, 0];
    for (let k = 0; k < K; k++) {
      mean += Math.abs(table[PER_GROUP * k]!);
      first += table[PER_GROUP * k + 1]! ** 2;
      second += table[PER_GROUP * k + 2]!;
    }
    const [h, slope, residual] = [table[columns - 3]!, table[columns - 2]!, table[columns - 1]!];
    PROBES.forEach((s, index) => {
      const damping = 1 / (1 + (s * (first + second)) / scale);
      const at = columns + 5 * index;
      out[at] = first * damping;
      out[at + 1] = second * damping;
      out[at + 2] = h * h * damping * damping;
      out[at + 3] = (kappa * kappa * first + slope * slope + residual) * damping * damping;
      out[at + 4] = (first + second) * mean * mean * damping * damping;
    });
  };
  return { integrand, dimension };
}

/** Average of Σ μ1² + μ2² over a few places of the bulk of κ. */
function typicalSusceptibility(tabulate: Integrand, table: Float64Array, K: number): number {
  let sum = 0;
  const places = [-2, -1, 0, 1, 2];
  for (const kappa of places) {
    // A place where an activation has no value is reported when the grid meets it.
    tabulate(kappa, table);
    for (let k = 0; k < K; k++) sum += table[PER_GROUP * k + 1]! ** 2 + table[PER_GROUP * k + 2]!;
  }
  return sum > 0 ? sum / places.length : 1;
}
