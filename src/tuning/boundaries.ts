import type { EveryDescription } from "../curve/sweep.ts";
import type { SweepParameter } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { derivativeFormulas } from "./exactDerivatives.ts";
import { interpolation } from "./interpolation.ts";
import { objective } from "./objective.ts";
import { planeObservable } from "./planeObservable.ts";
import { type Estimate, forwardStencil, type Stencil } from "./stencil.ts";

/** Lines in a plane of two parameters where something happens, in words. */
export const BOUNDARY_TITLES = {
  interpolation: "interpolation threshold",
  linearPredictor: "best linear predictor",
  equal: "equally good",
  optimalRidge: "best ridge leaves 0",
  optimalLearningRate: "best learning rate leaves 0",
} as const;
/** Name of a boundary of a map. */
export type BoundaryName = keyof typeof BOUNDARY_TITLES;
/** The names of all boundaries that a map knows. */
export const BOUNDARIES = Object.keys(BOUNDARY_TITLES) as readonly BoundaryName[];

/** Vanishes on the boundary; undefined where it cannot be told. */
export type Boundary = (x: number, y: number) => number | undefined;

/** @throws ParameterError for a boundary that does not exist, or needs a second description */
export function boundaryFunction(
  name: BoundaryName,
  description: object,
  minus: object | undefined,
  names: readonly [SweepParameter, SweepParameter],
): Boundary {
  switch (name) {
    case "interpolation":
      return interpolationThreshold(description, names);
    case "linearPredictor":
      return linearPredictor(description, names);
    case "equal":
      if (!minus) throw new ParameterError("boundaries", name, "with `minus`: the description to compare with");
      return value(planeObservable(description, minus, "testError", names).at);
    case "optimalRidge":
      return slopeAtZero("ridge", description, names);
    case "optimalLearningRate":
      return slopeAtZero("learningRate", description, names);
    default:
      throw new ParameterError("boundaries", name, `of ${BOUNDARIES.join(", ")}`);
  }
}

function value(at: (x: number, y: number) => { readonly value: number } | undefined): Boundary {
  return (x, y) => at(x, y)?.value;
}

/** α − rank of the features per dimension */
function interpolationThreshold(description: object, names: readonly [SweepParameter, SweepParameter]): Boundary {
  const threshold = interpolation();
  return (x, y) => {
    // The threshold knows no ridge, which may be left to be tuned.
    const { samples, rank } = threshold({
      ...description,
      [names[0]]: x,
      [names[1]]: y,
    } as unknown as EveryDescription);
    return samples - rank;
  };
}

/** E[R] − (h2* − h0*² − h1*² + Δ) */
function linearPredictor(description: object, names: readonly [SweepParameter, SweepParameter]): Boundary {
  const error = planeObservable(description, undefined, "testError", names);
  const baseline = planeObservable(description, undefined, "linearBaseline", names);
  return (x, y) => {
    const [reached, best] = [error.at(x, y), baseline.at(x, y)];
    return reached && best && reached.value - best.value;
  };
}

/** Steps of one-sided differences at 0 by λ or η̃, from the widest on. */
const STEPS = [0.05, 0.01, 0.002, 4e-4];

/**
 * The derivative of the test error at 0⁺: the optimum leaves 0 where it changes sign. Where the sign of a learning rate does not
 * matter, E is a function of η̃², and it is that by η̃². A channel without penalty that any step makes lets E jump at 0: its limit
 * is then extrapolated.
 */
function slopeAtZero(
  parameter: "ridge" | "learningRate",
  description: object,
  names: readonly [SweepParameter, SweepParameter],
): Boundary {
  if (names.includes(parameter))
    throw new ParameterError("boundaries", `optimal ${parameter}`, `x and y other than ${parameter}`);
  const error = objective("testError");
  const formulas = derivativeFormulas();
  let isEven: boolean | undefined;
  let step: number | undefined;
  let jumps: boolean | undefined;
  return (x, y) => {
    const point = { ...description, [names[0]]: x, [names[1]]: y };
    const described = (value: number) => ({ ...point, [parameter]: value }) as unknown as EveryDescription;
    const exact = parameter === "ridge" ? formulas(described(0))("ridge")?.["testError"] : undefined;
    if (exact) return exact.value;
    const known = new Map<number, Estimate | undefined>();
    const at = (value: number): Estimate | undefined => {
      if (!known.has(value)) known.set(value, error.evaluate(described(value)));
      return known.get(value);
    };
    isEven ??= parameter === "learningRate" && isEvenAt(at, 0.1);
    jumps ??= parameter === "learningRate" && jumpsAtZero(at);
    const ofCoordinate = isEven ? (square: number) => at(Math.sqrt(square)) : at;
    const slopeWith = (h: number) => {
      const width = isEven ? h * h : h;
      return forwardStencil(jumps ? withLimit(ofCoordinate, width) : ofCoordinate, 0, width);
    };
    step ??= bestStep(slopeWith);
    return slopeWith(step)?.first;
  };
}

function isEvenAt(at: (value: number) => Estimate | undefined, value: number): boolean {
  const [above, below] = [at(value), at(-value)];
  return !!above && !!below && Math.abs(above.value - below.value) <= 1e-10 + above.error + below.error;
}

/** A jump is larger than what changes smoothly over this rate. */
const [TINY, LEAST_JUMP] = [1e-7, 1e-5];

function jumpsAtZero(at: (value: number) => Estimate | undefined): boolean {
  const [here, beside] = [at(0), at(TINY)];
  return !!here && !!beside && Math.abs(here.value - beside.value) > LEAST_JUMP * Math.abs(here.value);
}

/** The same function with its limit from above at 0, by the polynomial through h, 2h, … 6h. */
function withLimit(at: (value: number) => Estimate | undefined, h: number): (value: number) => Estimate | undefined {
  return (value) => {
    if (value !== 0) return at(value);
    const weights = [6, -15, 20, -15, 6, -1];
    const values = weights.map((_, i) => at((i + 1) * h));
    if (values.some((item) => !item)) return undefined;
    return {
      value: weights.reduce((sum, w, i) => sum + w * values[i]!.value, 0),
      error: weights.reduce((sum, w, i) => sum + Math.abs(w) * values[i]!.error, 0),
    };
  };
}

/** The step of which the derivative is best known at the first point. */
function bestStep(slopeWith: (h: number) => Stencil | undefined): number {
  const errors = STEPS.map((h) => slopeWith(h)?.firstError ?? Infinity);
  return STEPS[errors.indexOf(Math.min(...errors))]!;
}
