import { breakpointsOf } from "../activation/conditionalMoments.ts";
import type { Activation } from "../activation/activation.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { Feature } from "../loss/convexLoss.ts";
import { type Accuracy, type GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";

/** Target with additive noise: y = σ*(γκ + ρζ) + √Δ N. */
export interface ResponseLaw {
  readonly target: Activation;
  /** γ */
  readonly alignment: number;
  /** Δ */
  readonly labelNoise: number;
}

/** Step of the trapezoid rule in ζ times the ln(1/ε) aimed at: halved by every doubling of the digits. */
const TARGET_STEP = 6;
/** Step at which the residual is looked at for thresholds that it crosses. */
const LOOK = 0.25;
/** Deviations of the residual within which a threshold that is not crossed still counts. */
const NEAR = 6;

/**
 * Chooses nodes of ζ for averages of functions of u ~ N(a(ζ), s²), a = σ*(γκ + ρζ) − M − Lζ: split at the target's
 * kinks and jumps, and fine enough where a crosses a threshold of the loss faster than s smoothes it.
 */
export function targetNodes({ target, alignment }: ResponseLaw, goal: Accuracy) {
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const widest = Math.min(trapezoidStep(goal, Infinity, 0), TARGET_STEP / goal.logarithm);

  return (
    kappa: number,
    M: number,
    L: number,
    deviation: number,
    thresholds: readonly number[],
    rule: GaussianNodes,
  ) => {
    const breakpoints = breakpointsOf(target, alignment * kappa, rho).filter((z) => Math.abs(z) < goal.reach);
    const residual = (zeta: number) => target.value(alignment * kappa + rho * zeta) - M - L * zeta;
    const features: Feature[] = [];
    if (thresholds.length > 0) {
      const ends = [-goal.reach, ...breakpoints.sort((a, b) => a - b), goal.reach];
      for (let k = 0; k + 1 < ends.length; k++) {
        lookForCrossings(residual, ends[k]!, ends[k + 1]!, deviation, thresholds, features);
      }
    }
    if (breakpoints.length > 0) {
      rule.panels(goal, breakpoints, features);
      return;
    }
    const steepness = features.reduce((top, { width }) => Math.max(top, 2 / width), 0);
    rule.smooth(goal, Math.min(widest, trapezoidStep(goal, Infinity, steepness)), features);
  };
}

/** Adds the places in (left, right) where the residual passes a threshold, with the width that the noise gives them. */
function lookForCrossings(
  residual: (zeta: number) => number,
  left: number,
  right: number,
  deviation: number,
  thresholds: readonly number[],
  features: Feature[],
): void {
  const count = Math.max(1, Math.ceil((right - left) / LOOK));
  const length = (right - left) / count;
  // A target may jump at the ends; its value belongs to the open interval.
  const inside = (z: number) => Math.min(right - 1e-9 * length, Math.max(left + 1e-9 * length, z));
  let before = residual(inside(left));
  for (let k = 0; k < count; k++) {
    const [from, to] = [inside(left + k * length), inside(left + (k + 1) * length)];
    const after = residual(to);
    const slope = Math.abs(after - before) / length;
    for (const b of thresholds) {
      const crosses = before > b !== after > b;
      const near = Math.min(Math.abs(before - b), Math.abs(after - b)) < NEAR * deviation;
      if (slope * LOOK < 0.5 * deviation || !(crosses || near)) continue;
      const closer = Math.abs(before - b) < Math.abs(after - b) ? from : to;
      const at = crosses ? bracketedRoot((z) => residual(z) - b, from, to, 1e-9) : closer;
      features.push({ at, width: (2 * deviation) / slope });
    }
    before = after;
  }
}
