import { type ConvexLoss, piecewiseLoss } from "./convexLoss.ts";

/**
 * λ → 0⁺ for hinge and squared hinge on separable data: the readout of least norm with margins x ≥ 1. In units in which λ = 1
 * the loss is infinite below 1.
 */
export function maximalMargin(loss: ConvexLoss): ConvexLoss {
  const hard = { ...loss, limitOf: loss, boundedSlope: false, slopeAtZero: -Infinity, curvatureBound: Infinity };
  return {
    ...piecewiseLoss(hard, (V) => [
      { end: 1, anchor: 1, slope: 0, curvature: 1 / V },
      { end: Infinity, anchor: 1, slope: 0, curvature: 0 },
    ]),
    breakpoints: () => [1],
  };
}

/**
 * λ → 0⁺ for residuals below the interpolation threshold, the same for every loss: the interpolator of least norm. In
 * units in which λ = 1 the loss is infinite but at 0.
 */
export function interpolation(loss: ConvexLoss): ConvexLoss {
  const hard = { ...loss, limitOf: loss, boundedSlope: false, curvatureBound: Infinity };
  return {
    ...piecewiseLoss(hard, (V) => [{ end: Infinity, anchor: 0, slope: 0, curvature: 1 / V }]),
    breakpoints: (V) => (V === 0 ? loss.breakpoints(0) : []),
  };
}
