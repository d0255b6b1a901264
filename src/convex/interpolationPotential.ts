import type { Rows } from "../problem/rows.ts";
import type { LocalPotential } from "./localPotential.ts";

/** E y, E ζy and what is left of E y² given κ, noise included. */
export interface LabelMoments {
  readonly mean: number;
  readonly slope: number;
  readonly spread: number;
}

export function labelMoments(rows: Rows, kappa: number): LabelMoments {
  const start = rows.at(kappa);
  const { records, layout, problem } = rows;
  return {
    mean: records[start + layout.target]!,
    slope: records[start + layout.target + 1]!,
    spread: records[start + layout.residual]! + records[start + layout.noise]! + problem.labelNoise,
  };
}

/**
 * The potential of residuals that are interpolated, in units in which λ = 1: E(y − ω)²/2V given κ, a sum of squares.
 *
 * @param field of the same loss by averages over ζ
 * @param tested of the loss whose limit it is
 * @param interpolated what that loss is at 0
 */
export function interpolationPotential(
  field: LocalPotential,
  tested: LocalPotential,
  interpolated: number,
  momentsAt: (kappa: number) => LabelMoments,
): LocalPotential {
  return {
    ...field,
    ...(tested.refinements && { refinements: tested.refinements }),
    evaluate(kappa, M, L, s2, V, out) {
      const { mean, slope, spread } = momentsAt(kappa);
      const [a, b] = [(mean - M) / V, (slope - L) / V];
      const stiffness = 1 / V;
      const square = a * a + b * b + ((spread + s2) * stiffness) / V;
      out.fill(0);
      out[0] = -a;
      out[1] = -b;
      out[2] = 0.5 * stiffness;
      out[3] = -0.5 * square;
      out[4] = out[8] = stiffness;
      out[7] = a * stiffness;
      out[10] = b * stiffness;
      out[12] = -0.5 * stiffness * stiffness;
      out[13] = square * stiffness;
    },
    observe(kappa, M, L, s2, _V, out) {
      tested.observe(kappa, M, L, s2, 0, out);
      out.trainLoss = interpolated;
      out.trainSquare = 0;
    },
  };
}
