import { normalCdf } from "../numerics/normal.ts";
import type { ConvexLoss, ProximalPoint } from "../loss/convexLoss.ts";
import { accuracy, GaussianNodes } from "./gaussianNodes.ts";
import { type LabelLaw, labelValues } from "./labelLaw.ts";
import type { LocalPotential, Observed } from "./localPotential.ts";
import { noAverages } from "./averages.ts";
import { lossAverager } from "./lossAverages.ts";
import { fieldNodes } from "./fieldNodes.ts";
import type { OutputGiven } from "./stepLabels.ts";

/** A label and node of a probability below this fraction of the accuracy do not count: residuals may be large where they are rare. */
const NEGLIGIBLE = 1e-6;

/**
 * The local potential of any loss on any labels: given κ and ζ the residual y − ω is N(y − M − Lζ, s² + Δ), and the margin yω is
 * N(y(M + Lζ), s²) (convexLosses §4), averaged by the loss, and ζ by a rule that is split where the labels break.
 */
export function fieldPotential(loss: ConvexLoss, law: LabelLaw, digits: number): LocalPotential {
  const { alignment } = law;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const goal = accuracy(digits);
  const rule = new GaussianNodes();
  const classRule = new GaussianNodes();
  const labels = labelValues(law);
  const chooseNodes = fieldNodes(law, labels, loss, goal);
  const averager = lossAverager(loss, goal);
  // V changes from κ to κ, and V = 0 stays.
  const testAverager = lossAverager(loss, goal);
  const A = noAverages();
  const margin = loss.kind === "margin";
  // A number has no class in training.
  const classed = margin || law.signs !== undefined;
  const kinks = loss.breakpoints(0);
  const negligible = NEGLIGIBLE * Math.exp(-goal.logarithm);

  return {
    evaluate(kappa, M, L, s2, V, out) {
      chooseNodes({ kappa, M, L, s2 }, loss.breakpoints(V), rule);
      out.fill(0);
      for (let j = 0; j < rule.count; j++) {
        const zeta = rule.nodes[j]!;
        const t = alignment * kappa + rho * zeta;
        for (let k = 0; k < labels.length; k++) {
          const label = labels[k]!;
          const probability = label.probability(t);
          if (!(probability * rule.weights[j]! > negligible)) continue;
          const y = label.value(t);
          const mean = M + L * zeta;
          // dx/dω
          const direction = margin ? y : -1;
          averager(margin ? y * mean : y - mean, s2 + label.noise, V, false, A);
          const w = rule.weights[j]! * probability;
          const wd = w * direction;
          const wz = w * zeta;
          const wzd = wz * direction;
          out[0]! += wd * A.slope;
          out[1]! += wzd * A.slope;
          out[2]! += 0.5 * w * A.curvature;
          out[3]! -= 0.5 * w * A.square;
          out[4]! += w * A.curvature;
          out[5]! += wz * A.curvature;
          out[6]! += 0.5 * wd * A.curvatureSlope;
          out[7]! -= wd * A.product;
          out[8]! += wz * zeta * A.curvature;
          out[9]! += 0.5 * wzd * A.curvatureSlope;
          out[10]! -= wzd * A.product;
          out[11]! += 0.25 * w * A.curvatureCurvature;
          out[12]! -= 0.5 * w * A.productSlope;
          out[13]! += w * A.cubic;
        }
      }
    },

    observe(kappa, M, L, s2, V, out) {
      const output = { kappa, M, L, s2 };
      chooseNodes(output, [...loss.breakpoints(V), ...kinks], rule);
      out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
      for (let j = 0; j < rule.count; j++) {
        const zeta = rule.nodes[j]!;
        const t = alignment * kappa + rho * zeta;
        const mean = M + L * zeta;
        for (const label of labels) {
          const w = rule.weights[j]! * label.probability(t);
          if (!(w > 0)) continue;
          const y = label.value(t);
          const a = margin ? y * mean : y - mean;
          averager(a, s2 + label.noise, V, true, A);
          out.testSquare += w * ((y - mean) ** 2 + s2 + label.noise);
          out.trainSquare += w * A.trainSquare;
          out.trainLoss += w * A.trainLoss;
          testAverager(a, s2 + label.noise, 0, true, A);
          out.testLoss += w * A.trainLoss;
        }
      }
      observeClasses(output, V, out);
      // A margin says nothing of squares.
      if (margin) out.trainSquare = NaN;
      else if (!classed) out.trainClassification = NaN;
    },
  };

  /** Classes change where the sign of the label does, and where the output passes 0 or, in training, what the label pulls it to. */
  function observeClasses(output: OutputGiven, V: number, out: Observed): void {
    const { kappa, M, L, s2 } = output;
    const places = classed ? [0, V * pullTowards(1), -V * pullTowards(-1)].filter(Number.isFinite) : [0];
    chooseNodes(output, [], classRule, places);
    out.testClassification = out.trainClassification = 0;
    const s = Math.sqrt(s2);
    for (let j = 0; j < classRule.count; j++) {
      const zeta = classRule.nodes[j]!;
      const t = alignment * kappa + rho * zeta;
      const mean = M + L * zeta;
      for (const label of labels) {
        const w = classRule.weights[j]! * label.probability(t);
        if (!(w > 0)) continue;
        const y = label.value(t);
        const side = Math.sign(y);
        out.testClassification += w * normalCdf((-side * mean) / s);
        if (classed) out.trainClassification += w * normalCdf((V * pullTowards(y) - side * mean) / s);
      }
    }
  }

  /** yz < 0 where yω is below V times this: ℓ′ at z = 0, along y. */
  function pullTowards(y: number): number {
    if (margin) return loss.slopeAtZero;
    if (loss.limitOf) return -Infinity;
    loss.proximal(y, 0, point);
    return -y * point.slope;
  }
}

const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
