import { normalCdf, normalPdf } from "../numerics/normal.ts";
import type { ConvexLoss, Feature, ProximalPoint } from "../loss/convexLoss.ts";
import { accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import type { LocalPotential } from "./localPotential.ts";
import { growthOf, pullsOf, stepErrors, type StepLabels } from "./stepLabels.ts";

/** A label and node of a probability below this fraction of the accuracy do not count. */
const NEGLIGIBLE = 1e-3;

/**
 * The local potential of a smooth margin loss. With ω = M + Sη, S² = s² + L², the label is integrated analytically given η
 * (convexLosses §4), which leaves one Gaussian integral; ω-derivatives are moved from the loss to the weights by parts.
 */
export function marginPotential(loss: ConvexLoss, law: StepLabels, digits: number): LocalPotential {
  const {
    alignment,
    noise,
    steps: { places },
  } = law;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const { base, jumps } = growthOf(law.steps);
  const shifts = new Float64Array(places.length);
  const goal = accuracy(digits);
  const negligible = NEGLIGIBLE * Math.exp(-goal.logarithm);
  const rule = new GaussianNodes();
  // One for each label, so that every point is next to the last one.
  const points: readonly [ProximalPoint, ProximalPoint] = [
    { z: 0, slope: 0, curvature: 0 },
    { z: 0, slope: 0, curvature: 0 },
  ];

  /** The steps given η: Φ(shift + steepness η), shift by place; ζ given η and the label spreads by `spread`. */
  function labelGivenEta(kappa: number, L: number, s2: number) {
    const S = Math.sqrt(s2 + L * L);
    const [along, across] = [L / S, Math.sqrt(s2) / S];
    const deviation = Math.hypot(rho * across, Math.sqrt(noise));
    places.forEach((place, i) => {
      const distance = alignment * kappa - place;
      shifts[i] = deviation === 0 ? (distance > 0 ? Infinity : -Infinity) : distance / deviation;
    });
    if (deviation === 0) return { S, along, across, steepness: 0, spread: 0 };
    return { S, along, across, steepness: (rho * along) / deviation, spread: (rho * across) / deviation };
  }

  function chooseNodes(M: number, S: number, steepness: number, V: number): void {
    const features = loss
      .features(V)
      .flatMap(({ at, width }) => [at, -at].map((x): Feature => ({ at: (x - M) / S, width: width / S })));
    const width = 2 / Math.abs(steepness);
    const transitions = Array.from(shifts, (shift): Feature => ({ at: -shift / steepness, width }));
    const steep = transitions.filter(({ at }) => Number.isFinite(at));
    rule.clustered(goal, trapezoidStep(goal, loss.strip / S, steepness), steepness, features, steep);
  }

  /** P(y = +1 | η) with its derivatives by the argument of Φ. */
  const up = { probability: 0, density: 0, slope: 0 };
  function labelAt(eta: number, steepness: number, derivatives: boolean): void {
    up.probability = base;
    up.density = up.slope = 0;
    for (let i = 0; i < shifts.length; i++) {
      const t = shifts[i]! + steepness * eta;
      up.probability += jumps[i]! * normalCdf(t);
      if (!derivatives || !Number.isFinite(t)) continue;
      const density = jumps[i]! * normalPdf(t);
      up.density += density;
      up.slope += t * density;
    }
  }

  return {
    evaluate(kappa, M, L, s2, V, out) {
      const { S, along, across, steepness, spread } = labelGivenEta(kappa, L, s2);
      chooseNodes(M, S, steepness, V);
      out.fill(0);
      for (let j = 0; j < rule.count; j++) {
        const eta = rule.nodes[j]!;
        labelAt(eta, steepness, true);
        const omega = M + S * eta;
        for (let y = 1; y >= -1; y -= 2) {
          const p0 = y > 0 ? up.probability : 1 - up.probability;
          if (rule.weights[j]! * p0 < negligible) continue;
          const point = points[y > 0 ? 0 : 1];
          loss.proximal(y * omega, V, point);
          const weight = rule.weights[j]!;
          const g = -y * point.slope;
          const D = point.curvature;
          // Moments of the label with ζ′, the part of ζ across η, and their η-derivatives.
          const e1 = y * up.density;
          const te = y * up.slope;
          const p0d = e1 * steepness;
          const p1 = e1 * spread;
          const p1d = -te * spread * steepness;
          const zeta = along * eta * p0 + across * p1;
          const zetaSquare =
            along * along * eta * eta * p0 +
            2 * along * across * eta * p1 +
            across * across * (p0 - te * spread * spread);
          // By parts: E f′(ω) w(η) = E f(ω) (ηw − w′)/S.
          const parts = (eta * p0 - p0d) / S;
          const zetaParts = (eta * zeta - along * (p0 + eta * p0d) - across * p1d) / S;
          const twice = ((eta * eta - 1) * p0 - 2 * eta * p0d - te * steepness * steepness) / (S * S);
          const wg = weight * g;
          const wD = weight * D;
          const wgD = wg * D;
          out[0]! -= wg * p0;
          out[1]! -= wg * zeta;
          out[2]! += 0.5 * wD * p0;
          out[3]! -= 0.5 * wg * g * p0;
          out[4]! += wD * p0;
          out[5]! += wD * zeta;
          out[6]! += 0.5 * wD * parts;
          out[7]! += wgD * p0;
          out[8]! += wD * zetaSquare;
          out[9]! += 0.5 * wD * zetaParts;
          out[10]! += wgD * zeta;
          out[11]! += 0.25 * wD * twice;
          out[12]! += 0.5 * wgD * parts;
          out[13]! += wgD * g * p0;
        }
      }
    },

    observe(kappa, M, L, s2, V, out) {
      const { S, steepness } = labelGivenEta(kappa, L, s2);
      chooseNodes(M, S, steepness, V);
      out.testLoss = out.trainLoss = 0;
      for (let j = 0; j < rule.count; j++) {
        labelAt(rule.nodes[j]!, steepness, false);
        const omega = M + S * rule.nodes[j]!;
        for (let y = 1; y >= -1; y -= 2) {
          const p0 = rule.weights[j]! * (y > 0 ? up.probability : 1 - up.probability);
          if (p0 < negligible) continue;
          const point = points[y > 0 ? 0 : 1];
          loss.proximal(y * omega, V, point);
          out.testLoss += p0 * loss.value(y * omega);
          out.trainLoss += p0 * loss.value(point.z);
        }
      }
      out.testSquare = out.trainSquare = NaN;
    },

    classes: stepErrors(law, pullsOf(loss)),
    blur: loss.strip ** 2 / 3,
  };
}
