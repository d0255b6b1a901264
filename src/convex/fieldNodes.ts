import { signOf, stepsOf } from "../activation/signs.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { ConvexLoss, Feature } from "../loss/convexLoss.ts";
import { type Accuracy, type GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import { labelBreaks, type LabelLaw, type LabelValue } from "./labelLaw.ts";
import type { OutputGiven } from "./stepLabels.ts";

/** Step of the trapezoid rule in ζ times the ln(1/ε) aimed at: halved by every doubling of the digits. */
const TARGET_STEP = 6;
/** Width of a crossing, in deviations of ζ, that no rule needs to know of. */
const SMOOTH = 4;
/** Step at which the residual is looked at for thresholds that it crosses. */
const LOOK = 0.25;
/** Deviations of the residual within which a threshold that is not crossed still counts. */
const NEAR = 6;

/**
 * Chooses nodes of ζ for averages of functions of x ~ N(a(ζ), s²), the residual a = y − M − Lζ or the margin y(M + Lζ): split
 * where labels break, and fine enough where a crosses a threshold of the loss, or the output one of the `classes` that are counted,
 * faster than s smoothes it.
 */
export function fieldNodes(law: LabelLaw, labels: readonly LabelValue[], { kind }: ConvexLoss, goal: Accuracy) {
  const rho = Math.sqrt(Math.max(0, 1 - law.alignment * law.alignment));
  const widest = Math.min(trapezoidStep(goal, Infinity, 0), TARGET_STEP / goal.logarithm);
  const least = Math.min(...labels.map(({ noise }) => noise));
  const { value } = labels[0]!;
  let signs: readonly number[] | undefined = law.signs && [];

  return (
    { kappa, M, L, s2 }: OutputGiven,
    thresholds: readonly number[],
    rule: GaussianNodes,
    classes: readonly number[] = [],
  ): void => {
    const centre = law.alignment * kappa;
    const { breaks, features: steep } = labelBreaks(law, kappa, rho);
    if (classes.length > 0 && rho > 0) {
      signs ??= signPlaces(law);
      breaks.push(...signs.map((t) => (t - centre) / rho));
    }
    const breakpoints = breaks.filter((z) => Math.abs(z) < goal.reach);
    const deviation = Math.sqrt(s2 + least);
    const features: Feature[] = [...steep];
    if (L !== 0) {
      for (const omega of classes) features.push({ at: (omega - M) / L, width: (2 * Math.sqrt(s2)) / Math.abs(L) });
    }
    if (law.signs) linearCrossings({ M, L, s2 }, kind, thresholds, features);
    else if (thresholds.length > 0) {
      const ends = [-goal.reach, ...breakpoints.sort((a, b) => a - b), goal.reach];
      const residual = (zeta: number) => value(centre + rho * zeta) - M - L * zeta;
      for (let k = 0; k + 1 < ends.length; k++) {
        lookForCrossings(residual, ends[k]!, ends[k + 1]!, deviation, thresholds, features);
      }
    }
    if (breakpoints.length > 0 || law.signs?.law.kind === "curve") {
      rule.panels(goal, breakpoints, features);
      return;
    }
    const steepness = features.reduce((top, { width }) => Math.max(top, 2 / width), 0);
    rule.smooth(goal, Math.min(widest, trapezoidStep(goal, Infinity, steepness)), features);
  };
}

/** Adds the places where the residual or margin of either label ±1 passes a threshold, and how s smoothes it there. */
function linearCrossings(
  { M, L, s2 }: Omit<OutputGiven, "kappa">,
  kind: ConvexLoss["kind"],
  thresholds: readonly number[],
  features: Feature[],
): void {
  const width = (2 * Math.sqrt(s2)) / Math.abs(L);
  if (!(width < SMOOTH)) return;
  for (const x of thresholds) {
    for (const y of [1, -1]) features.push({ at: ((kind === "margin" ? y * x : y - x) - M) / L, width });
  }
}

/** Where σ* changes sign. */
function signPlaces({ target: { value, kinks, jumps } }: LabelLaw): readonly number[] {
  return stepsOf(signOf({ value, kinks, jumps }, "target")).places;
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
  const [first, last] = [left + 1e-9 * length, right - 1e-9 * length];
  let from = first;
  let before = residual(from);
  for (let k = 1; k <= count; k++) {
    const to = k === count ? last : left + k * length;
    const after = residual(to);
    const slope = Math.abs(after - before) / length;
    if (slope * LOOK >= 0.5 * deviation) {
      for (const b of thresholds) {
        const crosses = before > b !== after > b;
        const near = Math.min(Math.abs(before - b), Math.abs(after - b)) < NEAR * deviation;
        if (!(crosses || near)) continue;
        const closer = Math.abs(before - b) < Math.abs(after - b) ? from : to;
        const at = crosses ? bracketedRoot((z) => residual(z) - b, from, to, 1e-9) : closer;
        features.push({ at, width: (2 * deviation) / slope });
      }
    }
    before = after;
    from = to;
  }
}
