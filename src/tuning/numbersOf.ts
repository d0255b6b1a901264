import type { Estimate } from "./stencil.ts";

/** A derivative, its absolute error, and where it is from. */
export interface Derivative {
  readonly value: number;
  readonly error: number;
  /** The implicit function theorem at the solution, or differences of solutions. */
  readonly method: "implicit" | "difference";
}

/** Numbers of a point under their names, with their absolute errors. */
export type PointEstimates = Readonly<Record<string, Estimate>>;

/** Derivatives of every number of a solved point, overlaps as psi or psi[1], by a parameter. */
export type PointDerivatives = Readonly<Record<string, Derivative>>;

const BOOKKEEPING = ["iterations", "residual", "errorEstimate", "status", "kind"];

/** Every number of a solved point under its name, with its absolute error. */
export function numbersOf(result: object): Map<string, Estimate> {
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
