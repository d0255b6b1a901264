/** One point of the rule over ζ at a given κ. */
export type RestVisitor = (value: number, weight: number, zeta: Float64Array) => void;

/** A κ, and its weight in the rule over κ: what counts for nothing there need not be visited. */
export interface WeightedPoint {
  readonly kappa: readonly number[];
  readonly weight: number;
}

/** Visits g(Γᵀκ + Lζ) on a rule in ζ. */
export interface RestRule {
  visit(at: WeightedPoint, visitor: RestVisitor): void;
  /** All of E g, E g², E[ζ_b g] and E[ζ_bζ_c g], c ≤ b, at one κ, where that is faster. */
  readonly averages?: (at: WeightedPoint, out: Float64Array) => void;
  /** Points at one κ, about. */
  readonly size: number;
  /** Estimated relative error of averages over ζ. */
  readonly error: number;
}
