/** The rate at which sign f is wrong (statistics §2), for predictors that differ in the norms of their fluctuations alone. */
import type { SignMean } from "../activation/signs.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import type { Integrand } from "../numerics/gaussianRule.ts";
import { normalCdf } from "../numerics/normal.ts";
import { bivariateNormalBelow } from "../numerics/owensT.ts";
import { type Transition, transitionBreaks } from "../numerics/transitions.ts";
import { Rows } from "../problem/rows.ts";
import { susceptibilityAt } from "../ridge/equations.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";

/** Error rates with one estimate of their error, absolute, for all of them. */
export interface ErrorRates {
  readonly values: readonly number[];
  readonly errorEstimate: number;
}

const TOLERANCE = 1e-12;
const INNER_TOLERANCE = 1e-13;
/** The variance of a predictor that does not fluctuate, in units of its squared mean: what stands for 0. */
const LEAST_VARIANCE = 1e-26;
/** Averages are taken of this less y sign f: where signs agree by chance alone that is not made of rounding. */
const OFFSET = 1.001;
/** Beyond, a label changes with a probability below 1e-19. */
const BOUND = 9;

/** f ~ N(M + Sζ, v_j) given κ and ζ: M and S are the same for all predictors. */
interface Prediction {
  M: number;
  S: number;
  readonly v: Float64Array;
}

/**
 * @param norms (Q1′, Q2) of every predictor: v = Σ_a φ_a Q_a
 * @param uncertainty relative error of the test error `risk` that the norms come from
 * @throws QuadratureError if the average over κ is not resolved
 */
export function errorRates(
  state: SolvedState,
  alignment: number,
  labels: SignMean,
  norms: readonly Float64Array[],
  uncertainty: { readonly relative: number; readonly risk: number },
): ErrorRates {
  const J = norms.length;
  const problem = state.table.problem;
  const orthogonal = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const predict = predictor(state, norms);
  const at = { M: 0, S: 0, v: new Float64Array(J) };
  const agreement = new Float64Array(J);
  let innerError = 0;
  const integrand: Integrand = (kappa, out) => {
    predict(kappa, at);
    const centre = alignment * kappa;
    if (labels.kind === "steps") stepAgreement(labels, centre, orthogonal, at, agreement);
    else innerError = Math.max(innerError, curveAgreement(labels, centre, orthogonal, at, agreement));
    for (let j = 0; j < J; j++) out[j] = OFFSET - agreement[j]!;
  };
  const breakpoints = transitionBreaks([
    ...labelTransitions(labels, alignment, orthogonal),
    ...predictionTransitions(state, predict, at),
  ]);
  // Panels always: their estimate is of the rule itself.
  if (breakpoints.length === 0) breakpoints.push(0);
  const { resolution } = problem;
  const rule = adaptGaussianRule(integrand, {
    ...{ dimension: J, breakpoints, tolerance: TOLERANCE, name: "sign of the prediction given κ", resolution },
  });
  const mean = (j: number) => rule.weights.reduce((sum, w, i) => sum + w * rule.values[J * i + j]!, 0);
  const values = Array.from({ length: J }, (_, j) => Math.max(0, 0.5 * (mean(j) - OFFSET + 1)));
  const moved = rateShift(state, predict, at, uncertainty);
  return { values, errorEstimate: (1 + OFFSET) * (rule.error + innerError) + moved };
}

/**
 * By how much errors of the norms may move a rate: by |d√v|/√(S² + v) at most. Those of two predictors with fresh weights are small
 * differences where the rows are not isotropic.
 */
function rateShift(
  { table: { nodes, weights }, heldDirect }: SolvedState,
  predict: (kappa: number, out: Prediction) => void,
  at: Prediction,
  { relative, risk }: { readonly relative: number; readonly risk: number },
): number {
  const rounding = heldDirect.some((value) => value !== 0) ? relative * risk : 0;
  const moved = new Float64Array(at.v.length);
  weights.forEach((weight, i) => {
    predict(nodes[i]!, at);
    at.v.forEach((v, j) => {
      const change = Math.sqrt(v * (1 + relative) + rounding) - Math.sqrt(v);
      moved[j]! += weight * Math.min(1, change / Math.hypot(at.S, Math.sqrt(v)));
    });
  });
  return Math.max(...moved) + relative;
}

/** Fills M, S and v_j at a κ. */
function predictor({ table, basis, coefficients }: SolvedState, norms: readonly Float64Array[]) {
  const rows = new Rows(table.problem);
  return (kappa: number, out: Prediction): void => {
    const { groups, values, slopes } = rows.row(kappa);
    [out.M, out.S] = [0, 0];
    for (let c = 0; c < coefficients.length; c++) {
      out.M += coefficients[c]! * values[c]!;
      out.S += coefficients[c]! * slopes[0]![c]!;
    }
    const least = LEAST_VARIANCE * (out.M ** 2 + out.S ** 2) + Number.MIN_VALUE * 1e20;
    norms.forEach((Q, j) => (out.v[j] = Math.max(least, susceptibilityAt(groups, Q, basis))));
  };
}

/** E[y sign f | κ] in closed form: P(F > z, f < 0) of two jointly normal numbers, for every step of y. */
function stepAgreement(
  { steps: { places, values }, noise }: Extract<SignMean, { kind: "steps" }>,
  centre: number,
  orthogonal: number,
  { M, S, v }: Prediction,
  out: Float64Array,
): void {
  const tau = Math.sqrt(orthogonal ** 2 + noise);
  for (let j = 0; j < v.length; j++) {
    const square = S * S + v[j]!;
    const s = Math.sqrt(square);
    const below = normalCdf(-M / s);
    const correlation = tau > 0 ? (S * orthogonal) / (s * tau) : 0;
    const complement = tau > 0 ? (v[j]! * tau * tau + S * S * noise) / (square * tau * tau) : 1;
    let sum = values[0]! * (1 - 2 * below);
    for (let i = 0; i < places.length; i++) {
      const z = places[i]!;
      if (Math.abs(z) > BOUND * Math.sqrt(1 + noise)) {
        if (z < 0) sum += (values[i + 1]! - values[i]!) * (1 - 2 * below);
        continue;
      }
      const jump = values[i + 1]! - values[i]!;
      if (tau === 0) {
        if (centre > z) sum += jump * (1 - 2 * below);
        continue;
      }
      const k = (z - centre) / tau;
      sum += jump * (normalCdf(-k) - 2 * (below - bivariateNormalBelow(-M / s, k, correlation, complement)));
    }
    out[j] = sum;
  }
}

/** E[ȳ(γκ + ρz) (1 − 2Φ(−(M + Sz)/√v)) | κ] by an integral over z. */
function curveAgreement(
  { mean, transitions }: Extract<SignMean, { kind: "curve" }>,
  centre: number,
  orthogonal: number,
  { M, S, v }: Prediction,
  out: Float64Array,
): number {
  const J = v.length;
  const roots = v.map(Math.sqrt);
  const margin = (j: number, z: number) => 1 - 2 * normalCdf(-(M + S * z) / roots[j]!);
  if (orthogonal === 0) {
    const label = mean.value(centre);
    for (let j = 0; j < J; j++) out[j] = label * (1 - 2 * normalCdf(-M / Math.hypot(S, roots[j]!)));
    return 0;
  }
  const breakpoints = transitionBreaks([
    ...transitions.map(({ at, width }) => ({ at: (at - centre) / orthogonal, width: width / orthogonal })),
    ...(S === 0 ? [] : Array.from(roots, (root) => ({ at: -M / S, width: root / Math.abs(S) }))),
  ]);
  const integrand: Integrand = (z, values) => {
    const label = mean.value(centre + orthogonal * z);
    for (let j = 0; j < J; j++) values[j] = OFFSET - label * margin(j, z);
  };
  const rule = adaptGaussianRule(integrand, {
    ...{ dimension: J, breakpoints, tolerance: INNER_TOLERANCE, name: "sign of the prediction given κ and ζ" },
  });
  out.fill(0);
  rule.weights.forEach((w, i) => {
    for (let j = 0; j < J; j++) out[j]! += w * (OFFSET - rule.values[J * i + j]!);
  });
  return rule.error;
}

/** Where the label changes sign as κ passes. */
function labelTransitions(labels: SignMean, alignment: number, orthogonal: number): Transition[] {
  if (alignment === 0) return [];
  const places =
    labels.kind === "steps"
      ? labels.steps.places.map((at) => ({ at, width: Math.sqrt(labels.noise) }))
      : labels.transitions;
  return places.map(({ at, width }) => ({
    at: at / alignment,
    width: Math.hypot(orthogonal, width) / Math.abs(alignment),
  }));
}

/** Where M(κ) changes sign, with the width within which the prediction's sign does. */
function predictionTransitions(
  { table }: SolvedState,
  predict: (kappa: number, out: Prediction) => void,
  at: Prediction,
): Transition[] {
  const meanAt = (kappa: number) => {
    predict(kappa, at);
    return at.M;
  };
  const { nodes } = table;
  const means = Array.from(nodes, meanAt);
  return means.slice(1).flatMap((right, i) => {
    const left = means[i]!;
    if (!(left * right < 0)) return [];
    const [from, to] = [nodes[i]!, nodes[i + 1]!];
    const root = bracketedRoot(meanAt, from, to);
    predict(root, at);
    const slope = Math.abs(right - left) / (to - from);
    return Array.from(at.v, (v) => ({ at: root, width: Math.hypot(at.S, Math.sqrt(v)) / slope }));
  });
}
