import { ParameterError } from "../errors.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { trapezoidFrom } from "../numerics/adaptiveTrapezoid.ts";
import type { AverageOptions, Integrand } from "../numerics/gaussianRule.ts";
import type { Problem } from "./problem.ts";
import type { ChannelRow } from "./rowLayout.ts";
import { Rows } from "./rows.ts";
import { type Table, tabulate } from "./table.ts";
import { mapped } from "../numerics/mapped.ts";

/** Susceptibility V(κ) from the moments there, by which the averages of the solver are damped. */
export type Susceptibility = (groups: ChannelRow["groups"]) => number;

/** Relative accuracy of averages over κ when a grid is chosen. */
const TOLERANCE = 1e-10;
/** Susceptibility scales at which the first grid is chosen; the solver refines it where a solution needs more. */
const FIRST_SCALES = [0, 1, 10];
/** When a grid is refined for a susceptibility, it is made fit for one that is larger, too. */
const LOOK_AHEAD = [1, 10];
/** Where the typical size of the features is looked at. */
const PLACES = [-2, -1, 0, 1, 2];

/**
 * A problem on a first grid that resolves the averages of a solver.
 *
 * @param step with which to begin
 */
export function firstTable(problem: Problem, rows = new Rows(problem), step?: number): Table {
  const scale = typicalVariance(rows);
  const dampings = mapped(
    FIRST_SCALES,
    (factor): Damping =>
      (_, variance) =>
        1 / (1 + (factor * variance) / scale),
  );
  return adaptedTable(rows, dampings, TOLERANCE, step);
}

/**
 * The same problem on a grid that resolves averages damped by 1/(1 + V(κ)).
 *
 * @param rows of the problem
 * @param tolerance relative error of the averages
 */
export function refinedTable(rows: Rows, susceptibility: Susceptibility, tolerance: number): Table {
  const dampings = LOOK_AHEAD.map(
    (factor): Damping =>
      (kappa) =>
        1 / (1 + factor * susceptibility(rows.row(kappa).groups)),
  );
  return adaptedTable(rows, dampings, tolerance);
}

/** 1/(1 + V(κ)), where the groups have the total variance Σ μ1_k² + μ2_k². */
type Damping = (kappa: number, variance: number) => number;

function adaptedTable(rows: Rows, dampings: readonly Damping[], tolerance: number, step?: number): Table {
  const { dimension, breakpoints, resolution } = rows.problem;
  if (dimension === 0) {
    return tabulate(rows, { nodes: new Float64Array(0), weights: Float64Array.of(1), errorOf: () => 0 });
  }
  if (dimension > 1) throw new ParameterError("dimension", dimension, "0 or 1");
  const integrand = solverIntegrands(rows, dampings);
  const options: AverageOptions = {
    dimension: PER_SCALE * dampings.length,
    breakpoints,
    tolerance,
    name: "student and target given κ",
    thrifty: true,
    resolution,
    prepare: (places) => rows.prepare(places),
  };
  const likely = step === undefined || breakpoints.length > 0 ? undefined : trapezoidFrom(integrand, options, step);
  const rule = likely ?? adaptGaussianRule(integrand, options);
  return tabulate(rows, rule, rule.error);
}

const PER_SCALE = 6;
/** Channels below this part of the features' second moment are resolved beside that: their own digits are rounding. */
const FAINT = 4e-12;

/**
 * Integrands of the solver's averages at several susceptibilities. The parts of the target are resolved relative to
 * the whole of it: where ρ is small, those along ζ are small, too, and made of rounding.
 */
function solverIntegrands(rows: Rows, dampings: readonly Damping[]): Integrand {
  const { problem, layout } = rows;
  const { groups, labelNoise, targetDirections } = problem;
  const mixed = mapped(problem.channels, ({ kind }) => kind !== "targetDirection");
  return (kappa, out) => {
    const start = rows.at(kappa);
    const { records } = rows;
    let [linear, nonlinear, channels, spread] = [0, 0, 0, 0];
    for (let k = 0; k < groups.length; k++) {
      const at = start + layout.group(k);
      linear += records[at]! ** 2;
      nonlinear += records[at + 1]!;
    }
    const target = start + layout.target;
    for (let c = 0; c < mixed.length; c++) {
      const value = records[start + layout.channel(c, 0)]!;
      channels += value ** 2;
      spread += value * records[target]!;
      for (let b = 1; mixed[c] && b <= targetDirections; b++) channels += records[start + layout.channel(c, b)]! ** 2;
    }
    let label = records[start + layout.residual]! + labelNoise + records[start + layout.noise]!;
    for (let b = 0; b <= targetDirections; b++) label += records[target + b]! ** 2;
    for (let index = 0; index < dampings.length; index++) {
      const damping = dampings[index]!(kappa, linear + nonlinear);
      const square = damping * damping;
      const at = PER_SCALE * index;
      out[at] = linear * damping;
      out[at + 1] = nonlinear * damping;
      out[at + 2] = (linear + nonlinear) ** 2 * square;
      out[at + 3] = label * square;
      out[at + 4] = (channels + FAINT * (linear + nonlinear)) * square;
      out[at + 5] = (channels + spread + label) * damping;
    }
  };
}

function typicalVariance(rows: Rows): number {
  if (rows.problem.dimension !== 1) return 1;
  let sum = 0;
  for (const kappa of PLACES) {
    const start = rows.at(kappa);
    for (let k = 0; k < rows.problem.groups.length; k++) {
      const at = start + rows.layout.group(k);
      sum += rows.records[at]! ** 2 + rows.records[at + 1]!;
    }
  }
  // Where an activation has no value is reported when the grid meets the place.
  return sum > 0 ? sum / PLACES.length : 1;
}
