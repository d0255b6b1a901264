import type { Activation } from "../activation/activation.ts";
import { adaptTensorRule, type TensorRule } from "../numerics/tensorRule.ts";
import type { MultiIndexTarget } from "../target/multiIndexTarget.ts";
import { conditionalTarget, restRule } from "./conditionalTarget.ts";
import { type Rows, type SpecialGeometry, specialGeometry } from "./geometry.ts";
import { MOMENT, momentColumns, projectionsOn } from "./studentMoments.ts";

/** Features with spikes and a target: what a problem is tabulated from. */
export interface SpikedFeatures {
  readonly student: Activation;
  readonly target: MultiIndexTarget;
  /** Δ */
  readonly labelNoise: number;
  /** π_k */
  readonly fractions: readonly number[];
  /** R, K×D in special coordinates. */
  readonly R: Rows;
  /** τ_k */
  readonly tau: readonly number[];
  /** Θ, m×D. */
  readonly theta: Rows;
}

/** The features and the target on nodes of κ. */
export interface SpikeColumns {
  readonly geometry: SpecialGeometry;
  readonly rule: TensorRule;
  readonly mu0: readonly Float64Array[];
  readonly mu1: readonly Float64Array[];
  readonly mu2Squared: readonly Float64Array[];
  /** ν_k */
  readonly norm: readonly Float64Array[];
  readonly h: Float64Array;
  readonly slopes: readonly Float64Array[];
  /** E g² + Δ */
  readonly square: Float64Array;
  /** Estimated relative error: of the grid where it was made, and of the averages over ζ. */
  readonly error: number;
}

const TOLERANCE = 1e-11;
/** By dimension of κ. */
const MOST_NODES = [1, 2_000, 40_000, 500_000];

/**
 * @param susceptibilities sizes of V, relative to Σ μ1² + μ2² averaged, that averages with 1/(1+V) must be resolved at
 * @throws QuadratureError if the student or the target is not finite somewhere
 */
export function spikeColumns(features: SpikedFeatures, susceptibilities: readonly number[]): SpikeColumns {
  const { student, target, labelNoise, R, tau, theta } = features;
  const geometry = specialGeometry(R, theta, target.planes);
  const rest = restRule(target, geometry);
  const momentsOf = tau.map((value) => momentColumns(student, value, false));
  const { rule, sample, error } = adaptTensorRule(
    geometry.plan,
    (nodes) => {
      const count = nodes.weights.length;
      const { h, slopes, square } = conditionalTarget(rest, nodes, geometry.rest);
      const moments = geometry.spikes.map((spike, k) => momentsOf[k]!(projectionsOn(spike, nodes.coordinates, count)));
      const columns = {
        mu0: moments.map((group) => group[MOMENT.mean]!),
        mu1: moments.map((group) => group[MOMENT.linear]!),
        mu2Squared: moments.map((group) => group[MOMENT.nonlinear]!),
        norm: moments.map((group) => group[MOMENT.norm]!),
        h,
        slopes,
        square: square.map((value) => value + labelNoise),
      };
      return { ...columns, integrands: solverIntegrands(columns, nodes.weights, susceptibilities) };
    },
    { tolerance: TOLERANCE, maxNodes: MOST_NODES[geometry.q]!, name: "student and target given κ" },
  );
  return { geometry, rule, ...sample, error: error + rest.error };
}

type Columns = Pick<SpikeColumns, "mu0" | "mu1" | "mu2Squared" | "h" | "slopes" | "square">;

/** Averages of the kinds that the solver takes, at several susceptibilities. */
function solverIntegrands(
  { mu0, mu1, mu2Squared, h, slopes, square }: Columns,
  weights: Float64Array,
  scales: readonly number[],
) {
  const sum = (of: readonly Float64Array[], f: (value: number) => number) =>
    h.map((_, i) => of.reduce((total, column) => total + f(column[i]!), 0));
  const linear = sum(mu1, (value) => value * value);
  const nonlinear = sum(mu2Squared, (value) => value);
  const output = sum(mu0, (value) => value);
  const slope = sum(slopes, (value) => value * value);
  const variance = linear.map((value, i) => value + nonlinear[i]!);
  const average = (values: Float64Array) => weights.reduce((total, w, i) => total + w * values[i]!, 0);
  const typical = average(variance) || 1;
  const label = average(square);
  return scales.flatMap((scale) => {
    const damping = variance.map((value) => 1 / (1 + (scale / typical) * value));
    const damped = (f: (i: number) => number, least: number) => ({ values: damping.map((d, i) => d * f(i)), least });
    const floor = average(damping);
    return [
      damped((i) => linear[i]!, typical * floor * 1e-3),
      damped((i) => nonlinear[i]!, typical * floor * 1e-3),
      damped((i) => damping[i]! * variance[i]! ** 2, 0),
      damped((i) => square[i]!, 0),
      damped((i) => damping[i]! * (h[i]! ** 2 + slope[i]!), label * floor * 1e-3),
      damped((i) => output[i]! * h[i]!, label * floor * 1e-1),
      damped((i) => output[i]! ** 2, 0),
    ];
  });
}
