import { signOf, stepsOf } from "../activation/signs.ts";
import { bracketedRoot } from "../numerics/bracketedRoot.ts";
import type { ConvexLoss, Feature } from "../loss/convexLoss.ts";
import { type Accuracy, type GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import { labelBreaks, type LabelLaw, type LabelValue } from "./labelLaw.ts";
import type { OutputGiven } from "./stepLabels.ts";
import { panelLimit, targetPanels } from "./targetPanels.ts";

/** Step of the trapezoid rule in ζ times the ln(1/ε) aimed at: halved by every doubling of the digits. */
const TARGET_STEP = 6;
/** Width of a crossing, in deviations of ζ, that no rule needs to know of. */
const SMOOTH = 4;
/** Step at which the residual is looked at for thresholds that it crosses. */
const LOOK = 0.25;
/** Looks at a panel of a fast target. */
const LOOKS = 6;
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
  // The places of steps are known.
  const fast = rho > 0 && law.signs?.law.kind !== "steps" ? targetPanels(law.target) : undefined;

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
        const looks = looksBetween(ends[k]!, ends[k + 1]!, fast && panelLimit(fast, centre, rho));
        lookForCrossings(residual, looks, deviation, thresholds, features, fast ? LOOKS : Infinity);
      }
    }
    if (fast || breakpoints.length > 0 || law.signs?.law.kind === "curve") {
      rule.panels(goal, breakpoints, features, fast && panelLimit(fast, centre, rho));
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

/** Places at which a residual is looked at, several on every panel of a fast target. */
function looksBetween(left: number, right: number, limit?: (zeta: number) => number): number[] {
  const looks = [left];
  let z = left;
  while (z < right) {
    const panel = limit ? Math.min(limit(z), right - z) : right - z;
    const count = Math.max(limit ? LOOKS : 1, Math.ceil(panel / LOOK));
    const end = panel === right - z ? right : z + panel;
    for (let k = 1; k < count; k++) looks.push(z + (k / count) * panel);
    looks.push(end);
    z = end;
  }
  return looks;
}

/** Adds the places between looks where the residual passes a threshold, with the width that the noise gives them. */
function lookForCrossings(
  residual: (zeta: number) => number,
  looks: readonly number[],
  deviation: number,
  thresholds: readonly number[],
  features: Feature[],
  looksAtOnce: number,
): void {
  const [left, right] = [looks[0]!, looks.at(-1)!];
  // A target may jump at the ends; its value belongs to the open interval.
  const inside = (z: number, length: number) => Math.min(right - 1e-9 * length, Math.max(left + 1e-9 * length, z));
  let from = inside(left, looks[1]! - left);
  let before = residual(from);
  for (let k = 1; k < looks.length; k++) {
    const length = looks[k]! - looks[k - 1]!;
    const to = inside(looks[k]!, length);
    const after = residual(to);
    const slope = Math.abs(after - before) / length;
    const width = (2 * deviation) / slope;
    // Where the residual is steep, and the panels of a fast target are not as short as that.
    if (width <= 4 * LOOK && width < looksAtOnce * length) {
      for (const b of thresholds) {
        const crosses = before > b !== after > b;
        const near = Math.min(Math.abs(before - b), Math.abs(after - b)) < NEAR * deviation;
        if (!(crosses || near)) continue;
        const closer = Math.abs(before - b) < Math.abs(after - b) ? from : to;
        features.push({ at: crosses ? bracketedRoot((z) => residual(z) - b, from, to, 1e-9) : closer, width });
      }
    }
    before = after;
    from = to;
  }
}
