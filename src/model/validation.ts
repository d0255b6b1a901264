import { ParameterError } from "../errors.ts";
import { legalParameter } from "../parameters/legal.ts";
import { mapped } from "../numerics/mapped.ts";

export { check, RANGES } from "../parameters/ranges.ts";

/** A readout with finite support: values u_k and fractions π_k (theory §1). */
export interface Readout {
  readonly values: readonly number[];
  readonly fractions: readonly number[];
}

/**
 * Validates the readout support; default u = 1, equal fractions where only values are given.
 *
 * @throws ParameterError if a value is not finite, a fraction not positive, the lengths differ or Σπ ≠ 1
 */
export function checkReadout(values: unknown, fractions: unknown): Readout {
  const u = legalParameter("readoutValues", values ?? [1]) as readonly number[];
  const pi = legalParameter("readoutFractions", fractions ?? mapped(u, () => 1 / u.length)) as readonly number[];
  if (pi.length !== u.length) {
    throw new ParameterError("readoutFractions", fractions, `as many entries as readoutValues (${u.length})`);
  }
  const total = pi.reduce((sum, value) => sum + value, 0);
  if (!(Math.abs(total - 1) < 1e-9)) {
    throw new ParameterError("readoutFractions", fractions, `fractions that sum to 1 (they sum to ${total})`);
  }
  return { values: u, fractions: mapped(pi, (value) => value / total) };
}
