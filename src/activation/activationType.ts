import type { Smoothness } from "../numerics/smoothness.ts";
import type { Asymptotes } from "./asymptotes.ts";

/**
 * A scalar function with what quadrature and simulation must know of it.
 */
export interface Activation {
  /** The name or formula, as given; functions without a name are called "user function". */
  readonly name: string;
  readonly value: (x: number) => number;
  /** Derivative almost everywhere; absent when the caller gave a bare function. */
  readonly derivative?: (x: number) => number;
  /** Error of a derivative that was found by differences, relative to its size; absent for one that is known. */
  readonly derivativeError?: number;
  /** Points where the derivative jumps, ascending. */
  readonly kinks: readonly number[];
  /** Points where the value jumps, ascending. */
  readonly jumps: readonly number[];
  /** Straight lines towards −∞ and +∞: of named activations and formulas that have them. */
  readonly asymptotes?: Asymptotes;
  /** Bounds in the complex plane, by which averages are certain: of named activations and formulas. */
  readonly smoothness?: Smoothness;
  /** Of a function of which nothing else is known: the smallest scale on which it is looked for variation; default 0.01. */
  readonly scale?: number;
}
