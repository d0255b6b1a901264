/** Averages over x ~ N(a, v), a residual or a margin, at one V; g = ℓ′(prox), D = dg/dx, ′ the derivative by x. */
export interface LossAverages {
  /** E g */
  slope: number;
  /** E g² */
  square: number;
  /** E D */
  curvature: number;
  /** E D′ */
  curvatureSlope: number;
  /** E D″ */
  curvatureCurvature: number;
  /** E gD */
  product: number;
  /** E (gD)′ */
  productSlope: number;
  /** E g²D */
  cubic: number;
  /** E ℓ(prox) */
  trainLoss: number;
  /** E prox² */
  trainSquare: number;
}

export const noAverages = (): LossAverages => ({
  slope: 0,
  square: 0,
  curvature: 0,
  curvatureSlope: 0,
  curvatureCurvature: 0,
  product: 0,
  productSlope: 0,
  cubic: 0,
  trainLoss: 0,
  trainSquare: 0,
});
