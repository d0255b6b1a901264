import { ParameterError } from "../errors.ts";

/** round(ratio · d). */
export function size(name: string, ratio: number, dimension: number): number {
  const count = Math.round(ratio * dimension);
  if (!(ratio > 0 && Number.isFinite(ratio) && count >= 1)) {
    throw new ParameterError(
      name,
      ratio,
      `positive and finite in a simulation, with at least one of ${name} · dimension = ${ratio * dimension}`,
    );
  }
  return count;
}

export function requireSome(name: string, values: readonly number[], check: (value: number) => unknown): void {
  if (values.length === 0) throw new ParameterError(name, values, "at least one value");
  for (const value of values) check(value);
}

export function requireCount(name: string, value: number, least: number): void {
  if (!(Number.isSafeInteger(value) && value >= least)) throw new ParameterError(name, value, `an integer ≥ ${least}`);
}

export function requireFinite(name: string, value: number, least = -Infinity, most = Infinity): void {
  if (Number.isFinite(value) && value >= least && value <= most) return;
  const range = most < Infinity ? ` in [${least}, ${most}]` : least > -Infinity ? ` ≥ ${least}` : "";
  throw new ParameterError(name, value, `a finite number${range}`);
}

export function requirePositive(name: string, value: number): void {
  if (!(value > 0 && Number.isFinite(value))) throw new ParameterError(name, value, "a positive finite number");
}
