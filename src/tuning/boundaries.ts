import type { EveryDescription } from "../curve/sweep.ts";
import type { SweepParameter } from "../parameters/table.ts";
import { ParameterError } from "../errors.ts";
import { interpolation } from "./interpolation.ts";
import { objective } from "./objective.ts";
import { planeObservable } from "./planeObservable.ts";
import { forwardStencil } from "./stencil.ts";

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

/** Steps of one-sided differences at 0, from the widest on. */
const STEPS = [0.05, 0.01, 0.002];

/** The derivative of the test error at 0⁺: the optimum leaves 0 where it changes sign. */
function slopeAtZero(
  parameter: "ridge" | "learningRate",
  description: object,
  names: readonly [SweepParameter, SweepParameter],
): Boundary {
  if (names.includes(parameter))
    throw new ParameterError("boundaries", `optimal ${parameter}`, `x and y other than ${parameter}`);
  const error = objective("testError");
  return (x, y) => {
    const at = (value: number) =>
      error.evaluate({
        ...description,
        [names[0]]: x,
        [names[1]]: y,
        [parameter]: value,
      } as unknown as EveryDescription);
    const slopes = STEPS.flatMap((h) => forwardStencil(at, 0, h) ?? []);
    if (slopes.length === 0) return undefined;
    return slopes.reduce((best, next) => (next.firstError < best.firstError ? next : best)).first;
  };
}
