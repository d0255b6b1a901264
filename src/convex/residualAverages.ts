import { normalCdf, normalPdf } from "../numerics/normal.ts";
import type { ConvexLoss, ProximalPoint } from "../loss/convexLoss.ts";
import { type Accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";

/** Averages over a residual u ~ N(a, v) at one V; g = ℓ′(prox), D = dg/du, ′ the derivative by u. */
export interface ResidualAverages {
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

/** Averages of a loss over u ~ N(a, v), in closed form or by quadrature. */
export type ResidualAverager = (a: number, v: number, V: number, out: ResidualAverages) => void;

export const noAverages = (): ResidualAverages => ({
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

/** Closed form for ½u². */
const squareAverager: ResidualAverager = (a, v, V, out) => {
  const D = 1 / (1 + V);
  out.slope = a * D;
  out.square = (a * a + v) * D * D;
  out.curvature = D;
  out.curvatureSlope = out.curvatureCurvature = 0;
  out.product = a * D * D;
  out.productSlope = D * D;
  out.cubic = out.square * D;
  out.trainSquare = out.square;
  out.trainLoss = 0.5 * out.square;
};

/** Closed form for Huber's loss by truncated moments (convexLosses §4). */
function huberAverager(delta: number): ResidualAverager {
  return (a, v, V, out) => {
    const s = Math.sqrt(v);
    const bound = delta * (1 + V);
    const D = 1 / (1 + V);
    const [low, high] = [(-bound - a) / s, (bound - a) / s];
    const [densityLow, densityHigh] = [normalPdf(low), normalPdf(high)];
    const [below, above] = [normalCdf(low), normalCdf(-high)];
    // By the narrower tails, so that a residual far outside keeps its digits.
    const inside = low > 0 ? normalCdf(-low) - above : high < 0 ? normalCdf(high) - below : 1 - below - above;
    const first = a * inside - s * (densityHigh - densityLow);
    const second = (a * a + v) * inside - s * ((a + bound) * densityHigh - (a - bound) * densityLow);
    const outside = a * (above - below) + s * (densityHigh + densityLow);
    // Outside prox = |u| − δV ≥ δ.
    const beyond = (a * a + v) * (below + above) + s * ((a + bound) * densityHigh - (a - bound) * densityLow);
    const lost = delta * V;
    out.trainSquare = second * D * D + beyond - 2 * lost * outside + lost * lost * (below + above);
    out.slope = first * D + delta * (above - below);
    out.square = second * D * D + delta * delta * (above + below);
    out.curvature = inside * D;
    out.curvatureSlope = ((densityLow - densityHigh) / s) * D;
    out.curvatureCurvature = ((low * densityLow - high * densityHigh) / v) * D;
    out.product = first * D * D;
    // The slope of E[u; |u| < bound] in a: what is inside minus what leaves through the ends.
    out.productSlope = (inside - (bound / s) * (densityHigh + densityLow)) * D * D;
    out.cubic = second * D * D * D;
    out.trainLoss = 0.5 * second * D * D + delta * outside - delta * delta * (V + 0.5) * (above + below);
  };
}

/** Any residual loss by quadrature over u, derivatives by parts. */
function quadratureAverager(loss: ConvexLoss, goal: Accuracy): ResidualAverager {
  const rule = new GaussianNodes();
  const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
  return (a, v, V, out) => {
    const s = Math.sqrt(v);
    const features = loss.features(V).map(({ at, width }) => ({ at: (at - a) / s, width: width / s }));
    rule.smooth(goal, trapezoidStep(goal, loss.strip / s, 0), features);
    Object.assign(out, noAverages());
    for (let j = 0; j < rule.count; j++) {
      const [xi, w] = [rule.nodes[j]!, rule.weights[j]!];
      loss.proximal(a + s * xi, V, point);
      const { slope: g, curvature: D } = point;
      out.slope += w * g;
      out.square += w * g * g;
      out.curvature += w * D;
      out.curvatureSlope += (w * xi * D) / s;
      out.curvatureCurvature += (w * (xi * xi - 1) * D) / v;
      out.product += w * g * D;
      out.productSlope += (w * xi * g * D) / s;
      out.cubic += w * g * g * D;
      out.trainLoss += w * loss.value(point.z);
      out.trainSquare += w * point.z * point.z;
    }
  };
}

/** Interpolation: u is taken up by the readout, g = u/V. */
const interpolationAverager: ResidualAverager = (a, v, V, out) => {
  out.slope = a / V;
  out.square = (a * a + v) / (V * V);
  out.curvature = 1 / V;
  out.curvatureSlope = out.curvatureCurvature = 0;
  out.product = a / (V * V);
  out.productSlope = 1 / (V * V);
  out.cubic = out.square / V;
  out.trainLoss = out.trainSquare = 0;
};

/** The averager of a residual loss; square and Huber's have closed forms. */
export function residualAverager(loss: ConvexLoss, goal: Accuracy): ResidualAverager {
  if (loss.limitOf) {
    const own = residualAverager(loss.limitOf, goal);
    return (a, v, V, out) => (V === 0 ? own : interpolationAverager)(a, v, V, out);
  }
  if (loss.name === "square") return squareAverager;
  return loss.threshold === undefined ? quadratureAverager(loss, goal) : huberAverager(loss.threshold);
}
