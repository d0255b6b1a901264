import type { SweepParameter } from "../parameters/table.ts";
import { checkSwept, type EveryDescription, rowSolver } from "../curve/sweep.ts";
import { ConvergenceError, ParameterError, requireList } from "../errors.ts";
import { scaleOf } from "./scales.ts";
import { centralStencil, type Estimate, forwardStencil, type Stencil } from "./stencil.ts";

/** A derivative and its absolute error. */
export interface Derivative {
  readonly value: number;
  readonly error: number;
}

/** Derivatives of every number of a solved point, overlaps as psi or psi[1], by a parameter. */
export type PointDerivatives = Readonly<Record<string, Derivative>>;

/** Sensitivities of a point to its parameters. */
export type Derivatives = Readonly<Partial<Record<SweepParameter, PointDerivatives>>>;

/** Steps on the natural scale that are tried, the one with the smallest error estimate is taken for each number. */
const STEPS = [0.18, 0.06, 0.02];

/**
 * Derivatives of the errors, the objective and the overlaps by parameters of the description: central differences of
 * sixth order on the natural scale of each parameter (ln λ, ln α, …), one-sided ones at 0, with the error that truncation
 * and rounding leave.
 *
 * @param names parameters that a curve may run over, finite in the description
 * @throws ParameterError, ExpressionError, QuadratureError for illegal input
 * @throws ConvergenceError if a point that the differences need has no solution
 * @example
 * const model = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1, widthRatio: 1, ridge: 0.1 };
 * const { ridge } = derivatives(model, ["ridge"]);
 * const { Q2 } = solve(model).overlaps;
 * Math.abs(ridge.objective.value - Q2[0]) < 1e-9; // true
 */
export function derivatives(description: EveryDescription, names: readonly SweepParameter[]): Derivatives {
  requireList("names", names, "a list of the parameters to take derivatives by");
  checkNames(description, names);
  const solveRow = rowSolver();
  const numbersAt = (name: SweepParameter, value: number): Map<string, Estimate> => {
    const point: EveryDescription = { ...description, [name]: value };
    const result = solveRow(point);
    if (result.status !== "converged") {
      throw new ConvergenceError(result.status, result.detail, result.residual, { [name]: value });
    }
    return numbersOf(result);
  };
  return Object.fromEntries(
    names.map((name) => [name, derivativesBy(name, valueOf(description, name), (value) => numbersAt(name, value))]),
  );
}

function checkNames(description: EveryDescription, names: readonly SweepParameter[]): void {
  for (const name of names) {
    checkSwept("derivatives", name, description);
    const value = valueOf(description, name);
    if (!Number.isFinite(value)) throw new ParameterError(name, value, "a finite number, to take a derivative by it");
  }
}

function valueOf(description: EveryDescription, name: SweepParameter): number {
  const fields = description as Partial<Record<SweepParameter, number>>;
  return fields[name] ?? (name === "labelNoise" ? 0 : NaN);
}

/** Differences of each number, on the scale of the parameter where it is not 0. */
function derivativesBy(
  name: SweepParameter,
  value: number,
  at: (value: number) => Map<string, Estimate>,
): PointDerivatives {
  const { lowerEnd, upperEnd } = scaleOf(name);
  const signed = lowerEnd === 0 && value < 0 ? -1 : 1;
  const bounded = name === "alignment";
  const known = new Map<number, Map<string, Estimate>>();
  const numbers = (v: number): Map<string, Estimate> => {
    const there = known.get(v) ?? at(v);
    known.set(v, there);
    return there;
  };
  const result: Record<string, Derivative> = {};
  for (const key of numbers(value).keys()) {
    const read = (v: number): Estimate | undefined => numbers(v).get(key);
    const along = (h: number): Scaled | undefined => {
      if (value === lowerEnd || (bounded && value - 3 * h < lowerEnd)) {
        return scaled(forwardStencil(read, value, 0.1 * h), 1);
      }
      if (bounded && value + 3 * h > upperEnd)
        return scaled(
          forwardStencil((v) => read(-v), -value, 0.1 * h),
          -1,
        );
      if (bounded) return scaled(centralStencil(read, value, h), 1);
      const u = Math.log(Math.abs(value));
      return scaled(
        centralStencil((x) => read(x === u ? value : signed * Math.exp(x)), u, h),
        1 / value,
      );
    };
    result[key] = best(STEPS.map(along));
  }
  return result;
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

/** The derivative with the smallest error: by two orders at one step, or by the change from the step before. */
function best(steps: readonly (Scaled | undefined)[]): Derivative {
  const candidates = steps.flatMap((step, i): Derivative[] => {
    if (!step) return [];
    const { stencil, inner } = step;
    const before = steps[i - 1]?.stencil;
    const changed = before ? REMAINDER * Math.abs(stencil.first - before.first) + stencil.firstNoise : Infinity;
    return [{ value: stencil.first * inner, error: Math.min(stencil.firstError, changed) * Math.abs(inner) }];
  });
  return candidates.reduce((least, next) => (next.error < least.error ? next : least));
}

const BOOKKEEPING = ["iterations", "residual", "errorEstimate", "status", "kind"];

/** Every number of a solved point under its name, with its absolute error. */
function numbersOf(result: object): Map<string, Estimate> {
  const { overlaps = {}, errorEstimate = 0, ...rest } = result as { overlaps?: object; errorEstimate?: number };
  const numbers = new Map<string, Estimate>();
  const add = (name: string, value: unknown): void => {
    if (typeof value === "number") numbers.set(name, { value, error: errorEstimate * Math.abs(value) });
    else if (Array.isArray(value)) {
      value.forEach((item, i) => add(value.length === 1 ? name : `${name}[${i}]`, item));
    }
  };
  for (const [name, value] of Object.entries({ ...rest, ...overlaps }))
    if (!BOOKKEEPING.includes(name)) add(name, value);
  return numbers;
}
