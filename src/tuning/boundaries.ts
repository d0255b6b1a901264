import { checkSwept, type EveryDescription, withSwept } from "../curve/sweep.ts";
import type { SweptName } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { mainQuantity } from "../loss/describedLoss.ts";
import { derivativeFormulas } from "./exactDerivatives.ts";
import { interpolation } from "./interpolation.ts";
import { objective } from "./objective.ts";
import { planeObservable } from "./planeObservable.ts";
import { type Estimate, forwardStencil, type Stencil } from "../numerics/stencil.ts";
import { unitOf } from "./units.ts";

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
  names: readonly [SweptName, SweptName],
): Boundary {
  switch (name) {
    case "interpolation":
      return interpolationThreshold(description, names);
    case "linearPredictor":
      if (mainQuantity(description) !== "testError") {
        throw new ParameterError(
          "boundaries",
          name,
          "for losses with a test error: of ±1 there is no linear predictor to beat",
        );
      }
      return linearPredictor(description, names);
    case "equal":
      if (!minus) throw new ParameterError("boundaries", name, "with `minus`: the description to compare with");
      return value(planeObservable(description, minus, mainQuantity(description), names).at);
    case "optimalRidge":
      return slopeAtZero("ridge", name, description, names);
    case "optimalLearningRate":
      return slopeAtZero("learningRate", name, description, names);
    default:
      throw new ParameterError("boundaries", name, `of ${BOUNDARIES.join(", ")}`);
  }
}

function value(at: (x: number, y: number) => { readonly value: number } | undefined): Boundary {
  return (x, y) => at(x, y)?.value;
}

/** α − rank of the features per dimension */
function interpolationThreshold(description: object, names: readonly [SweptName, SweptName]): Boundary {
  const threshold = interpolation();
  return (x, y) => {
    // The threshold knows no ridge, which may be left to be tuned.
    const at = withSwept(description, { [names[0]]: x, [names[1]]: y });
    const { samples, rank } = threshold(at as EveryDescription);
    return samples - rank;
  };
}

/** E[R] − (h2* − h0*² − h1*² + Δ) */
function linearPredictor(description: object, names: readonly [SweptName, SweptName]): Boundary {
  const error = planeObservable(description, undefined, "testError", names);
  const baseline = planeObservable(description, undefined, "linearBaseline", names);
  return (x, y) => {
    const [reached, best] = [error.at(x, y), baseline.at(x, y)];
    return reached && best && reached.value - best.value;
  };
}

/** Steps of one-sided differences at 0, in units of λ or η̃, from the widest on. */
const STEPS = [0.05, 0.01, 0.002, 4e-4];
/** Rate of which the sign does not matter where E is even, in units of η̃. */
const EITHER_SIGN = 0.1;
/** Error of a slope beside the value that it changes over one unit: with less, other steps are not tried. */
const GOOD = 2e-8;
/** With more, the sign of the slope is not known. */
const RESOLVED = 1e-4;

/**
 * The derivative of the test error (of classification, of margins) at 0⁺, in units of λ or η̃: the optimum leaves 0 where it changes sign. Where the sign of a learning
 * rate does not matter, E is a function of η̃², and it is that by η̃². Nothing is taken over from one point of the plane to another but
 * the step to try first, and that E is not even: whether it is follows from the parities of student and target, which no axis changes,
 * while a point where steps have no effect looks even.
 */
function slopeAtZero(
  parameter: "ridge" | "learningRate",
  boundary: BoundaryName,
  description: object,
  names: readonly [SweptName, SweptName],
): Boundary {
  if (names.includes(parameter)) {
    throw new ParameterError("boundaries", boundary, `with x and y other than ${parameter}, which it tunes`);
  }
  checkSwept("boundaries", parameter, description);
  const observable = mainQuantity(description);
  const error = objective(observable);
  const formulas = derivativeFormulas();
  const unit = unitOf(parameter, description);
  const described = (x: number, y: number, value: number): EveryDescription =>
    withSwept(description, { [names[0]]: x, [names[1]]: y, [parameter]: unit * value }) as EveryDescription;
  let uneven = parameter === "ridge";
  let step = STEPS[0]!;
  return (x, y) => {
    const exact = parameter === "ridge" ? formulas(described(x, y, 0))("ridge")?.[observable] : undefined;
    if (exact) return unit * exact.value;
    const known = new Map<number, Estimate | undefined>();
    const at = (value: number): Estimate | undefined => {
      if (!known.has(value)) known.set(value, error.evaluate(described(x, y, value)));
      return known.get(value);
    };
    uneven ||= !isEvenAt(at, EITHER_SIGN);
    const slopeWith = (h: number): Stencil | undefined =>
      parameter === "ridge" ? forwardStencil(at, 0, h) : slopeFromAbove(at, h, !uneven);
    const first = slopeWith(step);
    const good = first && first.firstError <= GOOD * Math.abs(first.value);
    if (!good) step = bestStep(slopeWith);
    const found = good ? first : slopeWith(step);
    return found && found.firstError <= RESOLVED * Math.abs(found.value) ? found.first : undefined;
  };
}

function isEvenAt(at: (value: number) => Estimate | undefined, value: number): boolean {
  const [above, below] = [at(value), at(-value)];
  return !!above && !!below && Math.abs(above.value - below.value) <= 1e-10 * above.value + above.error + below.error;
}

/**
 * Of the polynomial through h, 2h, … 6h, by the rate or its square. A channel without penalty that any step makes lets E jump at 0, so
 * that its value there is not used.
 */
function slopeFromAbove(at: (value: number) => Estimate | undefined, h: number, isEven: boolean): Stencil | undefined {
  const ofCoordinate = isEven ? (square: number) => at(Math.sqrt(square)) : at;
  const width = isEven ? h * h : h;
  return forwardStencil(withLimit(ofCoordinate, width), 0, width);
}

/** The same function with its limit from above at 0. */
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

/** The step of which the derivative is best known. */
function bestStep(slopeWith: (h: number) => Stencil | undefined): number {
  const errors = STEPS.map((h) => slopeWith(h)?.firstError ?? Infinity);
  return STEPS[errors.indexOf(Math.min(...errors))]!;
}
