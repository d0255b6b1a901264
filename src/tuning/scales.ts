import { ParameterError } from "../errors.ts";
import type { Range as LegalRange } from "../parameters/ranges.ts";
import {
  type Parameter,
  PARAMETERS,
  type Slider,
  sweptParameter,
  type SweepParameter,
  type SweptName,
} from "../parameters/table.ts";

/** The natural scale of a parameter: a coordinate u on which learning curves vary over lengths of order 1. */
export interface Scale {
  /** u of the range that a scan looks at closely. */
  readonly from: number;
  readonly to: number;
  /** u of the lowest and the highest value inside the search: beyond the range above a scan is coarser. */
  readonly lowest: number;
  readonly highest: number;
  /** The parameter at u. */
  readonly valueAt: (u: number) => number;
  readonly coordinateOf: (value: number) => number;
  /** What lies at the ends of the search: a legal limit (λ → 0⁺, α₀ = 0 and ∞), else the last value that is looked at. */
  readonly lowerEnd: number;
  readonly upperEnd: number;
  /** u of the ends of the legal values, to which a search may come nearer than `lowest` and `highest`; these where a range is given. */
  readonly edges: Range;
}

/**
 * ln v, from `low` to `high`, with the limits 0 and ∞ where they are legal.
 *
 * @param below factor by which a search goes beyond `low`
 * @param above the same beyond `high`
 */
export function logarithmic(
  [low, high]: Range,
  [lowerEnd, upperEnd]: Range = [low, high],
  [below, above]: Range = [1, 1],
): Scale {
  const [from, to] = [Math.log(low), Math.log(high)];
  return {
    from,
    to,
    lowest: from - Math.log(below),
    highest: to + Math.log(above),
    valueAt: Math.exp,
    coordinateOf: Math.log,
    lowerEnd,
    upperEnd,
    edges: [-Infinity, Infinity],
  };
}

/** v = low + (high − low)(1 + sin u)/2: an interval whose ends are legal and smooth in u. */
export function bounded(low: number, high: number): Scale {
  const [middle, half] = [0.5 * (low + high), 0.5 * (high - low)];
  const end = 0.5 * Math.PI * (1 - 1e-3);
  return {
    from: -end,
    to: end,
    lowest: -end,
    highest: end,
    valueAt: (u) => middle + half * Math.sin(u),
    coordinateOf: (value) => Math.asin(Math.min(1, Math.max(-1, (value - middle) / half))),
    lowerEnd: low,
    upperEnd: high,
    edges: [-0.5 * Math.PI, 0.5 * Math.PI],
  };
}

/** A share f ∈ [0, 1) of a fixed whole, u = ln(f/(1 − f)); 0 is legal, 1 leaves nothing for the rest. */
export const SHARE: Scale = {
  from: Math.log(1e-4),
  to: -Math.log(1e-4),
  lowest: Math.log(1e-4),
  highest: -Math.log(1e-4),
  valueAt: (u) => 1 / (1 + Math.exp(-u)),
  coordinateOf: (share) => Math.log(share / (1 - share)),
  lowerEnd: 0,
  upperEnd: 1 / (1 + 1e-4),
  edges: [-Infinity, Infinity],
};

/** Factor beyond the ends of a slider, in units of the parameter, to which a search looks closely. */
const BEYOND = 100;
/**
 * Factor beyond that to which it looks at all. Signal σ² beside noise Δ moves the best ridge by Δ/σ² and gains (σ²/Δ)² of the error:
 * what lies farther is below the rounding of the error itself. The unit of the others leaves no such ratio open.
 */
const FAR: Readonly<Partial<Record<SweepParameter, number>>> = { ridge: 1e8 };
/** The slider of a parameter that has none of its own. */
const ANY_SLIDER: Pick<Slider, "min" | "max" | "logarithmic"> = { min: 0.1, max: 10, logarithmic: true };

/** The scale of a parameter of the table, wider than its slider, with the limits 0, ∞ or ±1 at its ends that are legal. */
function naturalScale(swept: SweptName, legal: LegalRange["test"], unit: number): Scale {
  const name = sweptParameter(swept);
  const { slider }: Parameter = PARAMETERS[name];
  const { min, max, logarithmic: byFactors } = slider ?? ANY_SLIDER;
  if (legal(-1) && !legal(-2)) return bounded(-1, 1);
  const low = (unit * (byFactors ? min : max)) / BEYOND;
  const high = unit * max * (byFactors ? BEYOND : 10);
  const far = FAR[name] ?? 1;
  return logarithmic([low, high], [legal(0) ? 0 : low / far, legal(Infinity) ? Infinity : high * far], [far, far]);
}

/** A parameter on its natural scale, wherever it ends. */
export function coordinateScale(name: SweptName): Pick<Scale, "valueAt" | "coordinateOf"> {
  return name === "alignment" ? bounded(-1, 1) : { valueAt: Math.exp, coordinateOf: Math.log };
}

/** The range of a parameter within which to look for an optimum, ends included. */
export type Range = readonly [from: number, to: number];

/** Values of a scale that are limits, not just the last that a search looks at. */
export function isLimit(name: SweptName, value: number): boolean {
  return value === 0 || value === Infinity || (name === "alignment" && Math.abs(value) === 1);
}

/** Whether an end of a scale is a legal value, not just the last one that a search looks at. */
export function isTaken({ valueAt, edges, lowerEnd, upperEnd }: Scale, end: "lower" | "upper"): boolean {
  const [own, legal] = end === "lower" ? [lowerEnd, valueAt(edges[0])] : [upperEnd, valueAt(edges[1])];
  return own === legal || Math.abs(own - legal) <= 1e-12 * Math.abs(own);
}

/**
 * The scale of a parameter, or the part of it in a range.
 *
 * @param legal values of the parameter, to which its ends belong
 * @param unit what the parameter is measured in
 * @throws ParameterError for a range that is empty or not legal
 */
export function scaleOf(name: SweptName, legal: LegalRange, range?: Range, unit = 1): Scale {
  const scale = naturalScale(name, legal.test, unit);
  if (!range) return scale;
  const given: unknown = range;
  const [low, high] = Array.isArray(given) && given.length === 2 ? range : [NaN, NaN];
  const isSigned = name === "alignment";
  if (!(low < high) || !legal.test(low) || !legal.test(high) || (low < 0 && !isSigned)) {
    const sign = isSigned || !legal.test(-1) ? "" : " and not negative";
    throw new ParameterError(`over.${name}`, range, `[from, to] with from < to, each ${legal.legal}${sign}`);
  }
  if (isSigned) return bounded(low, high);
  const [from, to] = [
    low > 0 ? low : Math.min(Math.exp(scale.from), high / 1e3),
    high < Infinity ? high : Math.max(Math.exp(scale.to), low * 1e3),
  ];
  const tails: Range = [
    low > 0 ? 1 : from / Math.exp(scale.lowest),
    high < Infinity ? 1 : Math.exp(scale.highest) / to,
  ];
  const own = logarithmic([from, to], [low, high], [Math.max(1, tails[0]), Math.max(1, tails[1])]);
  return { ...own, edges: [low > 0 ? own.lowest : -Infinity, high < Infinity ? own.highest : Infinity] };
}
