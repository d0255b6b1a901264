import type { ConvexLoss } from "./convexLoss.ts";

/**
 * λ → 0⁺ for hinge and squared hinge on separable data: the readout of least norm with margins x ≥ 1. In units in which λ = 1
 * the loss is infinite below 1.
 */
export function maximalMargin(loss: ConvexLoss): ConvexLoss {
  return {
    ...loss,
    limitOf: loss,
    proximal(x, V, out) {
      const inside = x < 1;
      out.z = inside ? 1 : x;
      out.slope = inside ? (x - 1) / V : 0;
      out.curvature = inside ? 1 / V : 0;
    },
    breakpoints: () => [1],
    features: () => [],
    slopeAtZero: -Infinity,
    curvatureBound: Infinity,
    strip: Infinity,
  };
}

/**
 * λ → 0⁺ for residuals below the interpolation threshold, the same for every loss: the interpolator of least norm. In
 * units in which λ = 1 the loss is infinite but at 0.
 */
export function interpolation(loss: ConvexLoss): ConvexLoss {
  return {
    ...loss,
    limitOf: loss,
    proximal(x, V, out) {
      out.z = 0;
      out.slope = x / V;
      out.curvature = 1 / V;
    },
    breakpoints: (V) => (V === 0 ? loss.breakpoints(0) : []),
    features: () => [],
    curvatureBound: Infinity,
    strip: Infinity,
  };
}
