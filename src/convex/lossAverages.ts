import type { ConvexLoss, ProximalPoint } from "../loss/convexLoss.ts";
import type { LossAverages } from "./averages.ts";
import { type Accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import { normalMoments } from "./pieceMoments.ts";
import { isPiecewise, type PiecewiseLoss, PieceTable, slopeAverages, trainAverages } from "./pieceTable.ts";

/**
 * Averages of a loss over x ~ N(a, v), in closed form or by quadrature.
 *
 * @param train whether E ℓ(prox) and E prox² are wanted, too
 */
export type LossAverager = (a: number, v: number, V: number, train: boolean, out: LossAverages) => void;

function clear(out: LossAverages): void {
  out.slope = out.square = out.curvature = out.curvatureSlope = out.curvatureCurvature = 0;
  out.product = out.productSlope = out.cubic = out.trainLoss = out.trainSquare = 0;
}

/** Closed form for ℓ′(prox) in straight pieces. */
function piecewiseAverager(loss: PiecewiseLoss): LossAverager {
  const table = new PieceTable(loss);
  return (a, v, V, train, out) => {
    table.prepare(V);
    normalMoments(table, a, v);
    slopeAverages(table, out);
    if (train) trainAverages(table, V, out);
  };
}

/** Any loss by quadrature over x, derivatives by parts. */
function quadratureAverager(loss: ConvexLoss, goal: Accuracy): LossAverager {
  const rule = new GaussianNodes();
  const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
  return (a, v, V, train, out) => {
    const s = Math.sqrt(v);
    const features = loss.features(V).map(({ at, width }) => ({ at: (at - a) / s, width: width / s }));
    rule.smooth(goal, trapezoidStep(goal, loss.strip / s, 0), features);
    clear(out);
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
      if (!train) continue;
      out.trainLoss += w * loss.value(point.z);
      out.trainSquare += w * point.z * point.z;
    }
  };
}

/** The averager of a loss: in closed form where ℓ′(prox) has straight pieces. */
export function lossAverager(loss: ConvexLoss, goal: Accuracy): LossAverager {
  const { limitOf } = loss;
  const direct = isPiecewise(loss) ? piecewiseAverager(loss) : quadratureAverager(loss, goal);
  if (!limitOf) return direct;
  const own = lossAverager(limitOf, goal);
  return (a, v, V, train, out) => (V === 0 ? own : direct)(a, v, V, train, out);
}
