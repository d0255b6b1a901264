import type { Channel } from "../model/conditionalFeatureStatistics.ts";
import type { Bulk } from "./bulk.ts";
import { unmixed } from "./groupMixing.ts";
import { mixedBulk } from "./mixedBulk.ts";
import type { IsotropicGroup } from "./mixedTraces.ts";

/**
 * Bulk with independent rows of variance c_k/d: the Marchenko–Pastur traces and their linear response (theory §4).
 */
export function isotropicBulk(
  groups: readonly IsotropicGroup[],
  channels: readonly Pick<Channel, "group" | "strength">[],
  widthRatio: number,
): Bulk {
  if (groups.length > 1) return mixedBulk(groups, channels, widthRatio, unmixed(groups.length));
  return scalarBulk(groups[0]!, channels, widthRatio);
}

/** K = 1 in closed, division-free form: regular at V̂1 → 0, no cancellation as λ → 0 (theory §4). */
function scalarBulk(
  { bulkVariance: c }: IsotropicGroup,
  channels: readonly Pick<Channel, "strength">[],
  beta: number,
): Bulk {
  const response = new Float64Array(4);
  let g = NaN;
  // Channels and ψ alike: a vector of squared norm F over the neurons costs t²/(αFg).
  const strengths = [...channels.map(({ strength }) => strength(beta)), c];
  const T = strengths.length;
  const stiffness = new Float64Array(T * T);
  return {
    groups: 1,
    response,
    solve(conjugates, ridge, traces) {
      const V1hat = conjugates[0]!;
      const D = ridge + conjugates[1]!;
      const A = c * beta * V1hat;
      const B = D + c * V1hat * (1 - beta);
      const root = Math.sqrt(B * B + 4 * A * D);
      g = B > 0 ? 2 / (B + root) : (root - B) / (2 * A * D);
      const shrink = 1 / (1 + A * g);
      const V1 = c * g * shrink;
      const T0 = (g * (1 + A * g)) / root;
      const T1 = c * T0 * shrink * shrink;
      traces[0] = V1;
      traces[1] = g;
      response[0] = c * T1 * shrink * shrink + beta * V1 * V1;
      response[1] = response[2] = T1;
      response[3] = T0;
      return g > 0 && g < Infinity ? undefined : `trace g = ${g} is not positive and finite`;
    },
    stiffness(sampleRatio) {
      strengths.forEach((F, i) => {
        stiffness[i * T + i] = F === Infinity ? 0 : 1 / (sampleRatio * F * g);
      });
      return stiffness;
    },
    stiffnessDerivative(t, sampleRatio) {
      let factor = 0;
      strengths.forEach((F, i) => {
        if (F !== Infinity) factor += (t[i]! / g) ** 2 / (sampleRatio * F);
      });
      return Float64Array.of(factor * response[2]!, factor * response[3]!);
    },
  };
}
