import type { Estimate } from "../numerics/stencil.ts";

/** A derivative, its absolute error, and where it is from. */
export interface Derivative {
  readonly value: number;
  readonly error: number;
  /**
   * "implicit": the implicit function theorem at the solution; "response": the same for the state of a loss, along which the observable alone
   * is a difference; "difference": of solutions.
   */
  readonly method: "implicit" | "response" | "difference";
}

/** Numbers of a point under their names, with their absolute errors. */
export type PointEstimates = Readonly<Record<string, Estimate>>;

/** Derivatives of every number of a solved point, overlaps as psi or psi[1], by a parameter. */
export type PointDerivatives = Readonly<Record<string, Derivative>>;

const BOOKKEEPING = ["iterations", "residual", "errorEstimate", "status", "kind"];

const COEFFICIENTS = ["m", "theta", "nu", "psi"];

/** Every number of a solved point under its name, with its absolute error: that of a coefficient is relative to the largest. */
export function numbersOf(result: object): Map<string, Estimate> {
  const { overlaps = {}, errorEstimate = 0, ...rest } = result as { overlaps?: object; errorEstimate?: number };
  const numbers = new Map<string, Estimate>();
  const largest = Math.max(
    0,
    ...Object.entries(overlaps).flatMap(([name, value]) =>
      COEFFICIENTS.includes(name) ? (value as readonly number[]).map(Math.abs) : [],
    ),
  );
  const add = (name: string, value: unknown, size: number): void => {
    // Infinite traces have no derivatives.
    if (typeof value === "number" && Number.isFinite(value))
      numbers.set(name, { value, error: errorEstimate * Math.max(size, Math.abs(value)) });
    else if (Array.isArray(value)) {
      value.forEach((item, i) => add(value.length === 1 ? name : `${name}[${i}]`, item, size));
    }
  };
  for (const [name, value] of Object.entries({ ...rest, ...overlaps }))
    if (!BOOKKEEPING.includes(name)) add(name, value, COEFFICIENTS.includes(name) ? largest : 0);
  return numbers;
}
