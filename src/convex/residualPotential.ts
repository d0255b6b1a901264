import { accuracy, GaussianNodes } from "./gaussianNodes.ts";
import type { LocalPotential } from "./localPotential.ts";
import type { ConvexLoss } from "../loss/convexLoss.ts";
import { noAverages, residualAverager } from "./residualAverages.ts";
import { type ResponseLaw, targetNodes } from "./targetNodes.ts";

/**
 * The local potential of a residual loss: given κ and ζ the residual y − ω is N(σ* − M − Lζ, s² + Δ)
 * (convexLosses §4), averaged by the loss, and ζ by a rule split at the target's kinks and jumps.
 */
export function residualPotential(loss: ConvexLoss, law: ResponseLaw, digits: number): LocalPotential {
  const { target, alignment, labelNoise } = law;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const goal = accuracy(digits);
  const rule = new GaussianNodes();
  const chooseNodes = targetNodes(law, goal);
  const averager = residualAverager(loss, goal);
  const averages = noAverages();

  return {
    evaluate(kappa, M, L, s2, V, out) {
      chooseNodes(kappa, M, L, Math.sqrt(s2 + labelNoise), loss.breakpoints(V), rule);
      out.fill(0);
      const A = averages;
      for (let j = 0; j < rule.count; j++) {
        const zeta = rule.nodes[j]!;
        const w = rule.weights[j]!;
        averager(target.value(alignment * kappa + rho * zeta) - M - L * zeta, s2 + labelNoise, V, A);
        const wz = w * zeta;
        out[0]! -= w * A.slope;
        out[1]! -= wz * A.slope;
        out[2]! += 0.5 * w * A.curvature;
        out[3]! -= 0.5 * w * A.square;
        out[4]! += w * A.curvature;
        out[5]! += wz * A.curvature;
        out[6]! -= 0.5 * w * A.curvatureSlope;
        out[7]! += w * A.product;
        out[8]! += wz * zeta * A.curvature;
        out[9]! -= 0.5 * wz * A.curvatureSlope;
        out[10]! += wz * A.product;
        out[11]! += 0.25 * w * A.curvatureCurvature;
        out[12]! -= 0.5 * w * A.productSlope;
        out[13]! += w * A.cubic;
      }
    },

    observe(kappa, M, L, s2, V, out) {
      const thresholds = [...loss.breakpoints(V), ...loss.breakpoints(0)];
      chooseNodes(kappa, M, L, Math.sqrt(s2 + labelNoise), thresholds, rule);
      out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
      out.testClassification = out.trainClassification = NaN;
      const v = s2 + labelNoise;
      for (let j = 0; j < rule.count; j++) {
        const [zeta, w] = [rule.nodes[j]!, rule.weights[j]!];
        const a = target.value(alignment * kappa + rho * zeta) - M - L * zeta;
        averager(a, v, V, averages);
        out.testSquare += w * (a * a + v);
        out.trainSquare += w * averages.trainSquare;
        out.trainLoss += w * averages.trainLoss;
        averager(a, v, 0, averages);
        out.testLoss += w * averages.trainLoss;
      }
    },
  };
}
