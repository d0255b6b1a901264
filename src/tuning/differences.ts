import type { Range as LegalRange } from "../parameters/ranges.ts";
import type { SweptName } from "../parameters/table.ts";
import type { PointEstimates } from "./numbersOf.ts";
import { scaleOf } from "./scales.ts";
import { centralStencil, type Estimate, forwardStencil, leastError, type Stencil } from "../numerics/stencil.ts";

/** Steps on the natural scale that are tried, the one with the smallest error estimate is taken for each number. */
const STEPS = [0.18, 0.06, 0.02];
/** Further ones, where a difference over a much smaller step contradicts: a peak is narrower than the steps above. */
const SMALL_STEPS = Array.from({ length: 7 }, (_, i) => 0.02 * 3 ** -(i + 1));
/** Steps of the differences that a derivative has to agree with. */
const CHECKS = [1e-3, 3e-5, 1e-6];
/** Relative error above which smaller steps are tried, too. */
const RESOLVED = 1e-7;
/** Relative disagreement with them that is none. */
const AGREEMENT = 1e-3;

/**
 * Derivatives of every number of a point by a parameter, by central differences of sixth order on its natural scale (ln λ,
 * ln α, …), one-sided ones at 0, with the error that truncation and rounding leave. Peaks like that at α = β are resolved down to
 * a width of 1e-6 of the parameter.
 *
 * @param legal values of the parameter, at whose ends differences are one-sided
 * @param at the numbers at a value of the parameter
 */
export function differencesBy(
  name: SweptName,
  value: number,
  legal: LegalRange,
  at: (value: number) => Map<string, Estimate>,
): PointEstimates {
  const { lowerEnd, upperEnd } = scaleOf(name, legal);
  const signed = lowerEnd === 0 && value < 0 ? -1 : 1;
  const bounded = name === "alignment";
  const known = new Map<number, Map<string, Estimate>>();
  const numbers = (v: number): Map<string, Estimate> => {
    const there = known.get(v) ?? at(v);
    known.set(v, there);
    return there;
  };
  const lineAt = (read: (v: number) => Estimate | undefined, h: number): Line => {
    if (value === lowerEnd || (bounded && value - 3 * h < lowerEnd)) {
      return { at: read, u: value, inner: 1, oneSided: true };
    }
    if (bounded && value + 3 * h > upperEnd) return { at: (v) => read(-v), u: -value, inner: -1, oneSided: true };
    if (bounded) return { at: read, u: value, inner: 1, oneSided: false };
    const u = Math.log(Math.abs(value));
    const at = (x: number) => read(x === u ? value : signed * Math.exp(x));
    return { at, u, inner: 1 / value, oneSided: false };
  };
  const result: Record<string, Estimate> = {};
  for (const key of numbers(value).keys()) {
    const line = (h: number): Line => lineAt((v) => numbers(v).get(key), h);
    const alongSteps = (steps: readonly number[]) => steps.map((h) => stencilAlong(line(h), h));
    const checks = CHECKS.flatMap((h) => differenceAlong(line(h), h) ?? []);
    const size = Math.abs(numbers(value).get(key)!.value);
    const first = best(alongSteps(STEPS));
    const resolved = first.error <= RESOLVED * Math.max(Math.abs(first.value), size * Math.abs(line(0).inner));
    result[key] =
      resolved && checks.every((check) => agrees(first, check, size))
        ? first
        : narrow(alongSteps([...STEPS, ...SMALL_STEPS]), checks, size);
  }
  return result;
}

/** A number along the natural scale u of a parameter v, with dv/du⁻¹: the factor to a derivative by the parameter itself. */
interface Line {
  readonly at: (u: number) => Estimate | undefined;
  readonly u: number;
  readonly inner: number;
  /** Whether the parameter is at an end. */
  readonly oneSided: boolean;
}

function stencilAlong({ at, u, inner, oneSided }: Line, h: number): Scaled | undefined {
  return scaled(oneSided ? forwardStencil(at, u, 0.1 * h) : centralStencil(at, u, h), inner);
}

/** A plain difference with its rounding, and the scale on which it was taken. */
interface Check extends Estimate {
  readonly inner: number;
}

function differenceAlong(line: Line, h: number): Check | undefined {
  const { at, u, inner, oneSided } = line;
  const scale = Math.abs(inner);
  if (oneSided) {
    const stencil = forwardStencil(at, u, 0.1 * h);
    return stencil && { value: stencil.first * inner, error: stencil.firstNoise * scale, inner: scale };
  }
  const [below, above] = [at(u - h), at(u + h)];
  if (!below || !above) return undefined;
  const error = (Math.max(below.error, above.error) / h) * scale;
  return { value: ((above.value - below.value) / (2 * h)) * inner, error, inner: scale };
}

/** Whether a derivative is that of a difference over a smaller step, as far as either tells; `size` is the number itself. */
function agrees(derivative: Estimate, check: Check, size: number): boolean {
  const slack = AGREEMENT * (Math.abs(derivative.value) + 0.01 * size * check.inner);
  return Math.abs(derivative.value - check.value) <= derivative.error + check.error + slack;
}

/** The best derivative by steps within a narrow peak that the smallest differences confirm; else the smallest difference. */
function narrow(steps: readonly (Scaled | undefined)[], checks: readonly Check[], size: number): Estimate {
  const [coarse, fine] = checks.slice(-2) as [Check, Check];
  const confirmed = candidatesOf(steps).filter((item) => agrees(item, fine, size) && agrees(item, coarse, size));
  if (confirmed.length > 0) return leastError(confirmed);
  return { value: fine.value, error: fine.error + Math.abs(fine.value - coarse.value) };
}

/** A stencil and dv/du⁻¹: the factor to a derivative by the parameter itself. */
interface Scaled {
  readonly stencil: Stencil;
  readonly inner: number;
}

function scaled(stencil: Stencil | undefined, inner: number): Scaled | undefined {
  return stencil && { stencil, inner };
}

/**
 * A step that is three times smaller leaves 3⁻⁵ of the truncation or less; a fiftieth of the change, with the rounding,
 * bounds what is left.
 */
const REMAINDER = 1 / 50;

/** Derivatives with errors by two orders at one step, or by the change from the step before. */
function candidatesOf(steps: readonly (Scaled | undefined)[]): readonly Estimate[] {
  return steps.flatMap((step, i): Estimate[] => {
    if (!step) return [];
    const { stencil, inner } = step;
    const before = steps[i - 1]?.stencil;
    const changed = before ? REMAINDER * Math.abs(stencil.first - before.first) + stencil.firstNoise : Infinity;
    return [{ value: stencil.first * inner, error: Math.min(stencil.firstError, changed) * Math.abs(inner) }];
  });
}

const best = (steps: readonly (Scaled | undefined)[]): Estimate => leastError(candidatesOf(steps));
