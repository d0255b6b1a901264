/** A solution of the equations, with what is known of it. */
export interface ConvergedSolution {
  readonly status: "converged";
  readonly values: Readonly<Record<string, number>>;
  readonly observables: Readonly<Record<string, number>>;
  /** Whether the plain map x ← F(x) returns to it: its Jacobian's spectral radius is below 1. */
  readonly stable: boolean;
  readonly spectralRadius: number;
  /** Free energy or entropy, where the description has one. */
  readonly freeEnergy?: number;
  readonly freeEntropy?: number;
  /** Unknowns that are at an end of their range, at which the equations hold. */
  readonly ends?: Readonly<Record<string, "min" | "max">>;
  /** Largest |F(x) − x|, relative to max(1, |x|). */
  readonly residual: number;
  /** Largest estimated error of a value or observable v, relative to max(1, |v|). */
  readonly errorEstimate: number;
}

/** Why there is no solution. */
export type FailedSolution =
  | {
      /** The search ran into ends of ranges, at which the equations cannot be evaluated or do not hold. */
      readonly status: "end-reached";
      readonly values: Readonly<Record<string, number>>;
      readonly ends: Readonly<Record<string, "min" | "max">>;
      readonly residual: number;
      readonly detail: string;
    }
  | {
      readonly status: "max-iterations" | "diverged" | "non-finite";
      readonly residual: number;
      readonly detail: string;
    };

/** How a search for a solution ended. */
export type SaddlePointSolution = ConvergedSolution | FailedSolution;
