/**
 * A scalar function with what quadrature and simulation must know of it.
 */
export interface Activation {
  /** The name or formula, as given; functions without a name are called "user function". */
  readonly name: string;
  readonly value: (x: number) => number;
  /** Derivative almost everywhere; absent when the caller gave a bare function. */
  readonly derivative?: (x: number) => number;
  /** Points where the derivative jumps, ascending. */
  readonly kinks: readonly number[];
  /** Points where the value jumps, ascending. */
  readonly jumps: readonly number[];
}

/** A named activation, a formula in `x`, a plain function, or a function with its derivative and break points. */
export type ActivationInput =
  | string
  | ((x: number) => number)
  | {
      readonly value: (x: number) => number;
      readonly derivative?: (x: number) => number;
      readonly kinks?: readonly number[];
      readonly jumps?: readonly number[];
      readonly name?: string;
    };
