import { normalCdf, normalPdf } from "../numerics/normal.ts";
import { bivariateNormalBelow } from "../numerics/owensT.ts";
import type { ConvexLoss, Feature, ProximalPoint } from "../loss/convexLoss.ts";
import { accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import type { LocalPotential } from "./localPotential.ts";

/** Sign labels: P(y = +1 | F) = ε + (1 − 2ε) Φ(F/√Δ), F = γκ + ρζ (convexLosses §1). */
export interface LabelLaw {
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
  /** ε */
  readonly labelFlips: number;
}

/** A label and node of a probability below this fraction of the accuracy do not count. */
const NEGLIGIBLE = 1e-3;

/**
 * The local potential of a margin loss. With ω = M + Sη, S² = s² + L², the label is integrated analytically given η
 * (convexLosses §4), which leaves one Gaussian integral; ω-derivatives are moved from the loss to the weights by parts.
 */
export function marginPotential(loss: ConvexLoss, law: LabelLaw, digits: number): LocalPotential {
  const { alignment, labelNoise, labelFlips } = law;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const certain = 1 - 2 * labelFlips;
  const goal = accuracy(digits);
  const negligible = NEGLIGIBLE * Math.exp(-goal.logarithm);
  const rule = new GaussianNodes();
  // One for each label, so that every point is next to the last one.
  const points: readonly [ProximalPoint, ProximalPoint] = [
    { z: 0, slope: 0, curvature: 0 },
    { z: 0, slope: 0, curvature: 0 },
  ];

  /** Label given η: Φ(±(shift + steepness η)); ζ given η and the label spreads by `spread`. */
  function labelGivenEta(kappa: number, L: number, s2: number) {
    const S = Math.sqrt(s2 + L * L);
    const [along, across] = [L / S, Math.sqrt(s2) / S];
    const deviation = Math.hypot(rho * across, Math.sqrt(labelNoise));
    if (deviation === 0) {
      return { S, along, across, shift: Math.sign(alignment * kappa) * Infinity, steepness: 0, spread: 0 };
    }
    return {
      S,
      along,
      across,
      shift: (alignment * kappa) / deviation,
      steepness: (rho * along) / deviation,
      spread: (rho * across) / deviation,
    };
  }

  function chooseNodes(M: number, S: number, shift: number, steepness: number, V: number, kinks: number[]): void {
    const features = loss
      .features(V)
      .flatMap(({ at, width }) => [at, -at].map((x): Feature => ({ at: (x - M) / S, width: width / S })));
    if (kinks.length === 0) {
      rule.clustered(goal, trapezoidStep(goal, loss.strip / S, steepness), steepness, features);
      return;
    }
    if (steepness !== 0) features.push({ at: -shift / steepness, width: 2 / Math.abs(steepness) });
    const breakpoints = kinks.flatMap((x) => [(x - M) / S, (-x - M) / S]);
    rule.panels(goal, breakpoints, features);
  }

  return {
    evaluate(kappa, M, L, s2, V, out) {
      const { S, along, across, shift, steepness, spread } = labelGivenEta(kappa, L, s2);
      chooseNodes(M, S, shift, steepness, V, loss.breakpoints(V));
      out.fill(0);
      for (let j = 0; j < rule.count; j++) {
        const eta = rule.nodes[j]!;
        const t = shift + steepness * eta;
        const density = Number.isFinite(t) ? certain * normalPdf(t) : 0;
        const below = certain * normalCdf(t);
        const omega = M + S * eta;
        for (let y = 1; y >= -1; y -= 2) {
          const p0 = labelFlips + (y > 0 ? below : certain - below);
          if (rule.weights[j]! * p0 < negligible) continue;
          const point = points[y > 0 ? 0 : 1];
          loss.proximal(y * omega, V, point);
          const weight = rule.weights[j]!;
          const g = -y * point.slope;
          const D = point.curvature;
          // Moments of the label with ζ′, the part of ζ across η, and their η-derivatives.
          const e1 = y * density;
          const te = Number.isFinite(t) ? t * e1 : 0;
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
      const { S, along, shift, steepness } = labelGivenEta(kappa, L, s2);
      chooseNodes(M, S, shift, steepness, V, [...loss.breakpoints(V), ...loss.breakpoints(0)]);
      out.testLoss = out.trainLoss = 0;
      for (let j = 0; j < rule.count; j++) {
        const below = certain * normalCdf(shift + steepness * rule.nodes[j]!);
        const omega = M + S * rule.nodes[j]!;
        for (let y = 1; y >= -1; y -= 2) {
          const p0 = rule.weights[j]! * (labelFlips + (y > 0 ? below : certain - below));
          if (p0 < negligible) continue;
          const point = points[y > 0 ? 0 : 1];
          loss.proximal(y * omega, V, point);
          out.testLoss += p0 * loss.value(y * omega);
          out.trainLoss += p0 * loss.value(point.z);
        }
      }
      out.testClassification = classificationError(kappa, M, S, along, 0);
      out.trainClassification = classificationError(kappa, M, S, along, V * loss.slopeAtZero);
      out.testSquare = out.trainSquare = NaN;
    },
  };

  /** P(yω < threshold) given κ: the label without flips is the sign of A ~ N(γκ, ρ² + Δ), correlated with ω through L. */
  function classificationError(kappa: number, M: number, S: number, along: number, threshold: number): number {
    const deviation = Math.hypot(rho, Math.sqrt(labelNoise));
    const a = deviation === 0 ? Math.sign(alignment * kappa) * Infinity : (alignment * kappa) / deviation;
    const r = deviation === 0 ? 0 : (rho * along) / deviation;
    const complement = (1 - r) * (1 + r);
    // y = 1 errs below the threshold, y = −1 above its negative.
    const [up, down] = [(threshold - M) / S, (threshold + M) / S];
    const errUp = bivariateNormalBelow(a, up, -r, complement);
    const errDown = bivariateNormalBelow(-a, down, -r, complement);
    const flippedUp = normalCdf(up) - errUp;
    const flippedDown = normalCdf(down) - errDown;
    return (1 - labelFlips) * (errUp + errDown) + labelFlips * (flippedUp + flippedDown);
  }
}
