import { bisect } from "../numerics/bisect.ts";
import { box } from "../numerics/box.ts";
import { erf, normalPdf } from "../numerics/normal.ts";
import type { Transition } from "../numerics/transitions.ts";
import type { Smoothness } from "../numerics/smoothness.ts";
import { activation, type Activation, type ActivationInput } from "./activation.ts";
import { merge } from "./formula/breakPoints.ts";
import { namedActivation } from "./namedActivations.ts";

/** Signs are sought on [−40, 40], beyond which the standard normal weight is below the smallest number. */
const BOUND = 40;
const STEP = 1 / 64;

/** The formula of an activation that is given as text. */
const formulaOf = (text: string): string => (namedActivation(text.trim()) ? `${text.trim()}(x)` : text);

/**
 * sign f(x), 0 where f vanishes on an interval, times a factor; it jumps where f changes sign. Of a function of the caller's the
 * changes are looked for in steps of 1/64.
 *
 * @param parameter the name errors carry
 */
export function signOf(input: ActivationInput, parameter: string, factor = 1): Activation {
  if (typeof input === "string") return activation(`(${factor})*sign(${formulaOf(input)})`, parameter);
  const f = activation(input, parameter);
  const value = (x: number) => factor * Math.sign(f.value(x));
  const jumps = signChanges(f);
  return { name: `sign of ${f.name}`, value, kinks: [], jumps, smoothness: stepSmoothness(value, jumps) };
}

/**
 * factor·erf(f(x)/(√2 deviation)): the mean of sign(f + deviation·ε), ε ~ N(0,1), times a factor.
 *
 * @param parameter the name errors carry
 */
export function meanSign(input: ActivationInput, deviation: number, parameter: string, factor = 1): Activation {
  const width = Math.SQRT2 * deviation;
  if (typeof input === "string") {
    return activation(`(${factor})*erf((${formulaOf(input)})/(${width}))`, parameter);
  }
  const f = activation(input, parameter);
  const { kinks, jumps, scale } = f;
  const value = (x: number) => factor * erf(f.value(x) / width);
  return { name: `mean sign of ${f.name}`, value, kinks, jumps, ...(scale !== undefined && { scale }) };
}

/**
 * factor·tanh(scale·f(x)/2): the mean of labels with P(y = 1) = 1/(1 + e^{−scale·f}), times a factor.
 *
 * @param parameter the name errors carry
 */
export function meanLogistic(input: ActivationInput, scale: number, parameter: string, factor = 1): Activation {
  if (typeof input === "string") {
    return activation(`(${factor})*tanh((${formulaOf(input)})*(${0.5 * scale}))`, parameter);
  }
  const f = activation(input, parameter);
  const { kinks, jumps } = f;
  const value = (x: number) => factor * Math.tanh(0.5 * scale * f.value(x));
  const ownScale = f.scale === undefined ? {} : { scale: f.scale };
  return { name: `mean label of ${f.name}`, value, kinks, jumps, ...ownScale };
}

/** f(x) + shift. */
export function shifted(input: ActivationInput, shift: number, parameter: string): ActivationInput {
  if (shift === 0) return input;
  if (typeof input === "string") return `(${formulaOf(input)}) + (${shift})`;
  const f = activation(input, parameter);
  const ownScale = f.scale === undefined ? {} : { scale: f.scale };
  return { name: f.name, value: (x: number) => f.value(x) + shift, kinks: f.kinks, jumps: f.jumps, ...ownScale };
}

/**
 * Labels ±1 by their mean ȳ(t) = E[y | t]: a step function of F = t + √Δε, for which there are closed forms, or any function,
 * with the places where it is steep.
 */
export type SignMean =
  | { readonly kind: "steps"; readonly steps: Steps; readonly noise: number }
  | { readonly kind: "curve"; readonly mean: Activation; readonly transitions: readonly Transition[] };

/** ȳ of a smooth mean, steep where its sign changes and broken where it is not smooth. */
export function curvedMean(mean: Activation, places: readonly number[]): SignMean {
  const kinks = [...mean.kinks, ...mean.jumps].map((at) => ({ at, width: 0 }));
  const changes = places.map((at) => {
    const step = 1e-5;
    const slope = Math.abs(mean.value(at + step) - mean.value(at - step)) / (2 * step);
    return { at, width: slope > 0 ? (2 * normalPdf(0)) / slope : 1 };
  });
  return { kind: "curve", mean, transitions: [...kinks, ...changes] };
}

/** A step function: its jumps, ascending, and its values to the left of the first and to the right of each. */
export interface Steps {
  readonly places: readonly number[];
  readonly values: readonly number[];
}

/** A function that is constant between its breaks, as such. */
export function stepsOf({ value, kinks, jumps }: Activation): Steps {
  const places = merge([...kinks, ...jumps]);
  const inner = places.slice(1).map((right, i) => value(0.5 * (places[i]! + right)));
  if (places.length === 0) return { places, values: [value(0)] };
  return { places, values: [value(places[0]! - 1), ...inner, value(places.at(-1)! + 1)] };
}

function signChanges({ value, kinks, jumps }: Activation): readonly number[] {
  const sides = [...kinks, ...jumps].flatMap((x) => [x - 1e-12 * (1 + Math.abs(x)), x + 1e-12 * (1 + Math.abs(x))]);
  const grid = Array.from({ length: (2 * BOUND) / STEP + 1 }, (_, i) => i * STEP - BOUND);
  const places = [...grid, ...sides].sort((a, b) => a - b);
  const found: number[] = [];
  let before = Math.sign(value(places[0]!));
  for (let i = 1; i < places.length; i++) {
    const after = Math.sign(value(places[i]!));
    if (after !== before) found.push(change(value, places[i - 1]!, places[i]!));
    before = after;
  }
  // A zero on the grid is seen from both sides.
  return merge(found);
}

/** Where the sign of the left end ends. */
function change(value: (x: number) => number, left: number, right: number): number {
  const sign = Math.sign(value(left));
  return bisect((x) => (Math.sign(value(x)) === sign ? -1 : 1), left, right);
}

function stepSmoothness(value: (x: number) => number, breaks: readonly number[]): Smoothness {
  const at = (x: number) => box(value(x), value(x), 0);
  return {
    breaks,
    image: (_, from, to) => (breaks.some((x) => x > from && x < to) ? undefined : at(0.5 * (from + to))),
    range(left, right) {
      const cuts = [left, ...breaks.filter((x) => x > left && x < right), right];
      const values = cuts.slice(1).map((end, i) => value(middleOf(cuts[i]!, end)));
      return box(Math.min(...values), Math.max(...values), 0);
    },
  };
}

/** A place between two, either of which may be infinite. */
const middleOf = (left: number, right: number): number => {
  if (left === -Infinity) return right === Infinity ? 0 : right - 1;
  return right === Infinity ? left + 1 : 0.5 * (left + right);
};
