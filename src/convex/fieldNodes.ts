import type { ConvexLoss, Feature } from "../loss/convexLoss.ts";
import { addCrossings, type Looks, looksBetween, mayCross, steepestOf } from "./crossings.ts";
import { type Accuracy, GaussianNodes, trapezoidStep } from "./gaussianNodes.ts";
import { labelBreaks, labelFunction, type LabelLaw, labelValues, signsOfTarget } from "./labelLaw.ts";
import type { OutputGiven } from "./stepLabels.ts";
import { panelLimit, type TargetPanels, targetPanels } from "./targetPanels.ts";

/** First step of the trapezoid rule in ζ times the ln(1/ε) aimed at: halved by every doubling of the digits. */
const TARGET_STEP = 10;
/** Width of a crossing, in deviations of ζ, that no rule for labels ±1 needs to know of. */
const SMOOTH = 4;
/** Places κ, and nodes at one, that are kept. */
const [MOST_PLACES, MOST_KEPT] = [1024, 512];
/** Nodes of a trapezoid rule that may be refined. */
const MOST_REFINED = 160;
/** The next step of a rule that is not fine enough. */
const SHORTER = 0.75;

/** Nodes of ζ with weights, and what the label hangs on there: σ*, or the probability of y = +1. */
export interface LabelledNodes {
  readonly count: number;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly values: Float64Array;
  /** Whether a shorter step is to be had. */
  readonly refinable: boolean;
}

/** What one κ says of the label, whatever the student. */
interface Place {
  readonly label: (zeta: number) => number;
  /** Where labels break, ascending. */
  readonly breakpoints: readonly number[];
  /** Where they are steep. */
  readonly steep: readonly Feature[];
  readonly limit: ((zeta: number) => number) | undefined;
  /** Of a real target, from break to break, and its steepest slope there. */
  readonly looks: readonly Looks[];
  readonly steepest: number;
  /** The nodes where the student has no say in them. */
  plain: LabelledNodes | undefined;
}

/**
 * Nodes of ζ for averages of functions of x ~ N(a(ζ), s²), the residual a = y − M − Lζ or the margin y(M + Lζ): split
 * where labels break, and fine enough where a crosses a threshold of the loss, or the output one of the `classes` that are counted,
 * faster than s smoothes it. What hangs on κ alone is computed once.
 */
export class FieldNodes {
  private readonly rho: number;
  /** The step of trapezoid rules, which averages may find too long; the same at every κ, so that averages are smooth in it. */
  private step: number;
  /** The least variance of the noise. */
  private readonly noise: number;
  private readonly fast: TargetPanels | undefined;
  private readonly panels: boolean;
  /** How often the step has been shortened. */
  refinements = 0;
  private readonly places = new Map<number, Place>();
  private readonly rule = new GaussianNodes();
  private values = new Float64Array(512);

  constructor(
    private readonly law: LabelLaw,
    private readonly kind: ConvexLoss["kind"],
    private readonly goal: Accuracy,
  ) {
    const { alignment, signs, target } = law;
    this.rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
    this.step = Math.min(trapezoidStep(goal, Infinity, 0), TARGET_STEP / goal.logarithm);
    this.noise = Math.min(...labelValues(law).map(({ noise }) => noise));
    // The places of steps are known.
    this.fast = this.rho > 0 && signs?.law.kind !== "steps" ? targetPanels(target) : undefined;
    this.panels = this.fast !== undefined || signs?.law.kind === "curve";
  }

  /** @returns arrays that the next call may write */
  at(output: OutputGiven, thresholds: readonly number[]): LabelledNodes {
    const place = this.placeAt(output.kappa);
    const features = this.crossings(place, output, thresholds);
    if (features.length > 0) {
      const all = [...place.steep, ...features];
      if (this.byPanels(place.breakpoints) || this.stepFor(all) < this.step) {
        return this.labelled(place, all, place.breakpoints);
      }
    }
    return (place.plain ??= this.kept(this.labelled(place, place.steep, place.breakpoints)));
  }

  /** Takes a shorter step from now on. */
  refine(): void {
    this.step *= SHORTER;
    this.refinements++;
    for (const place of this.places.values()) place.plain = undefined;
  }

  /** Nodes in arrays of their own, if they are not too many. */
  private kept({ count, nodes, weights, values, refinable }: LabelledNodes): LabelledNodes {
    const own = (column: Float64Array) => (count > MOST_KEPT ? column : column.slice(0, count));
    return { count, nodes: own(nodes), weights: own(weights), values: own(values), refinable };
  }

  private byPanels(breakpoints: readonly number[]): boolean {
    return this.panels || breakpoints.length > 0;
  }

  private stepFor(features: readonly Feature[]): number {
    const steepness = features.reduce((top, { width }) => Math.max(top, 2 / width), 0);
    return Math.min(this.step, trapezoidStep(this.goal, Infinity, steepness));
  }

  /** Nodes for the classes of labels ±1. */
  forClasses({ kappa, M, L, s2 }: OutputGiven, classes: readonly number[]): LabelledNodes {
    const place = this.placeAt(kappa);
    const features: Feature[] = [...place.steep];
    if (L !== 0) {
      for (const omega of classes) features.push({ at: (omega - M) / L, width: (2 * Math.sqrt(s2)) / Math.abs(L) });
    }
    if (this.rho === 0) return this.labelled(place, features, place.breakpoints);
    const signs = signsOfTarget(this.law).places.map((t) => (t - this.law.alignment * kappa) / this.rho);
    const inside = signs.filter((z) => Math.abs(z) < this.goal.reach);
    return this.labelled(place, features, [...place.breakpoints, ...inside]);
  }

  private placeAt(kappa: number): Place {
    let place = this.places.get(kappa);
    if (!place) {
      if (this.places.size >= MOST_PLACES) this.places.clear();
      this.places.set(kappa, (place = this.look(kappa)));
    }
    return place;
  }

  private look(kappa: number): Place {
    const { law, rho, goal, fast } = this;
    const centre = law.alignment * kappa;
    const { breaks, features: steep } = labelBreaks(law, kappa, rho);
    const breakpoints = breaks.filter((z) => Math.abs(z) < goal.reach).sort((a, b) => a - b);
    const ends = [-goal.reach, ...breakpoints, goal.reach];
    const limit = fast && panelLimit(fast, centre, rho);
    const value = labelFunction(law);
    const label = (zeta: number) => value(centre + rho * zeta);
    const looks = law.signs
      ? []
      : ends.slice(1).flatMap((end, k) => (end > ends[k]! ? [looksBetween(ends[k]!, end, label, limit)] : []));
    const steepest = Math.max(0, ...looks.map(steepestOf));
    return { label, breakpoints, steep, limit, looks, steepest, plain: undefined };
  }

  /** Where the residual or margin passes a threshold fast. */
  private crossings(place: Place, { M, L, s2 }: OutputGiven, thresholds: readonly number[]): Feature[] {
    if (this.law.signs) return linearCrossings({ M, L, s2 }, this.kind, thresholds);
    const features: Feature[] = [];
    const deviation = Math.sqrt(s2 + this.noise);
    if (thresholds.length === 0 || !mayCross(place.steepest + Math.abs(L), deviation)) return features;
    const residual = { M, L, deviation, target: place.label };
    for (const looks of place.looks) addCrossings(looks, residual, thresholds, this.fast !== undefined, features);
    return features;
  }

  private labelled(place: Place, features: readonly Feature[], breakpoints: readonly number[]): LabelledNodes {
    const { rule, goal } = this;
    const { label, limit } = place;
    const panels = this.byPanels(breakpoints);
    if (panels) rule.panels(goal, breakpoints, features, limit);
    else rule.smooth(goal, this.stepFor(features), features);
    const { count, nodes, weights } = rule;
    if (this.values.length < count) this.values = new Float64Array(nodes.length);
    for (let j = 0; j < count; j++) this.values[j] = label(nodes[j]!);
    const refinable = !panels && 2 * goal.reach < MOST_REFINED * this.step;
    return { count, nodes, weights, values: this.values, refinable };
  }
}

/** The places where the residual or margin of either label ±1 passes a threshold, and how s smoothes it there. */
function linearCrossings(
  { M, L, s2 }: Omit<OutputGiven, "kappa">,
  kind: ConvexLoss["kind"],
  thresholds: readonly number[],
): Feature[] {
  const width = (2 * Math.sqrt(s2)) / Math.abs(L);
  if (!(width < SMOOTH)) return [];
  return thresholds.flatMap((x) => [1, -1].map((y) => ({ at: ((kind === "margin" ? y * x : y - x) - M) / L, width })));
}
