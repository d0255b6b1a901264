import { type EveryDescription, withSwept } from "../curve/sweep.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { Search } from "./axes.ts";
import { derivativeFormulas } from "./exactDerivatives.ts";

/** A place on the only axis that is not at an end, with its error, on the natural scale. */
export interface AxisPlace {
  readonly u: number;
  readonly error: number;
}

/** Derivative of the observable by the coordinate of an axis, and its error; undefined where there is no formula. */
type Slope = (u: number) => { readonly value: number; readonly error: number } | undefined;

/** Half the width of the first bracket beside the error that the place has by values alone. */
const [WIDER, LEAST_WIDTH] = [4, 1e-6];
/** A minimum this far from where values show it is another one. */
const MOST_WIDTH = 0.5;
const ACCURACY = 1e-13;

/**
 * The zero of the derivative near a minimum: values tell its place to the root of their rounding, the derivative to rounding itself.
 *
 * @returns undefined where there is no formula for the derivative, or it does not turn from negative to positive there
 */
export function polishedPlace(slope: Slope, { u, error }: AxisPlace): AxisPlace | undefined {
  const value = (x: number): number => slope(x)?.value ?? NaN;
  for (let width = Math.max(WIDER * error, LEAST_WIDTH); width <= MOST_WIDTH; width *= WIDER) {
    const [below, above] = [value(u - width), value(u + width)];
    if (Number.isNaN(below + above)) return undefined;
    if (!(below < 0 && above > 0)) continue;
    const root = bracketedRoot(value, u - width, u + width, ACCURACY);
    const curvature = (above - below) / (2 * width);
    const left = slope(root);
    return (
      left && { u: root, error: (left.error + Math.abs(left.value)) / curvature + ACCURACY * Math.max(1, Math.abs(u)) }
    );
  }
  return undefined;
}

/** The derivative of an observable by the coordinate of one parameter of a search, others as they are. */
export function slopeAlong(
  description: object,
  { axes }: Search,
  axis: number,
  observable: string,
  valuesAt: (u: number) => Readonly<Record<string, number>>,
): Slope {
  const formulas = derivativeFormulas();
  const { name, scale } = axes[axis]!;
  return (u) => {
    const found = formulas(withSwept(description, valuesAt(u)) as EveryDescription)(name)?.[observable];
    // Scales with formulas are logarithmic.
    const value = scale.valueAt(u);
    return found && { value: found.value * value, error: found.error * value };
  };
}
