import { legendreRule } from "../numerics/gaussLegendre.ts";
import { normalPdf } from "../numerics/normal.ts";
import type { Feature } from "../loss/convexLoss.ts";

const PANEL_NODES = 12;
const unlimited = (): number => Infinity;
/** Nodes of a trapezoid rule beyond which graded panels are cheaper. */
const MOST_TRAPEZOID_NODES = 240;
/** Nodes of a trapezoid rule that need no fewer, and part of them that is worth it. */
const [FEW_NODES, GAIN] = [50, 0.8];
/** Shift of t, less than π/4, beyond which e^{−η²/2} would grow along η = centre + width·sinh t. */
const WIDEST_STRIP = 0.6;
/** A panel is never shorter: what happens within has no weight. */
const SHORTEST = 1e-9;

/** Accuracy that a rule aims at, as ln(1/ε), and the reach that leaves ε outside. */
export interface Accuracy {
  readonly logarithm: number;
  readonly reach: number;
}

export function accuracy(digits: number): Accuracy {
  const logarithm = digits * Math.LN10;
  return { logarithm, reach: Math.min(9.5, Math.sqrt(2 * logarithm) + 1.4) };
}

/**
 * Step of the trapezoid rule for a function of η ~ N(0,1) that is analytic in |Im η| < strip and, like Φ(sη), grows as
 * exp(s²(Im η)²/2).
 */
export function trapezoidStep({ logarithm }: Accuracy, strip: number, steepness: number): number {
  return contourStep(logarithm, strip, 1 + steepness * steepness);
}

/** Step h with the error exp(−2πy/h + growth·y²/2) at the best shift y < strip of the contour. */
function contourStep(logarithm: number, strip: number, growth: number): number {
  const entire = Math.sqrt(2 * growth * logarithm);
  const limited = strip < Infinity ? logarithm / strip + 0.5 * growth * strip : 0;
  return (0.85 * 2 * Math.PI) / (entire / growth < strip ? entire : limited);
}

/** Nodes and weights for averages over a standard normal, in arrays that are used again. */
export class GaussianNodes {
  nodes = new Float64Array(512);
  weights = new Float64Array(512);
  count = 0;
  /** Of the trapezoid rule that the arrays hold, NaN for others. */
  private trapezoidStep = NaN;
  private trapezoidReach = NaN;

  /** The trapezoid rule, or graded panels where it would need too many nodes. */
  smooth(accuracy: Accuracy, step: number, features: readonly Feature[]): void {
    if (2 * accuracy.reach > step * MOST_TRAPEZOID_NODES) this.panels(accuracy, [], features);
    else this.trapezoid(step, accuracy.reach);
  }

  /**
   * The trapezoid rule in t, η = centre + width·sinh t, about features that narrow the strip in which a function is analytic;
   * the plain one where that has not many more nodes.
   *
   * @param transitions of entire functions, such as Φ, that graded panels have to know of
   */
  clustered(
    accuracy: Accuracy,
    plainStep: number,
    steepness: number,
    features: readonly Feature[],
    transitions: readonly Feature[],
  ): void {
    const plain = (): void => this.smooth(accuracy, plainStep, [...features, ...transitions]);
    const { logarithm, reach } = accuracy;
    const near = features.filter(({ at, width }) => Math.abs(at) < reach + 8 * width);
    if (near.length === 0 || 2 * reach <= FEW_NODES * plainStep) {
      plain();
      return;
    }
    let [low, high, narrowest] = [Infinity, -Infinity, Infinity];
    for (const { at, width } of near) {
      low = Math.min(low, at);
      high = Math.max(high, at);
      narrowest = Math.min(narrowest, width);
    }
    const centre = Math.min(reach, Math.max(-reach, 0.5 * (low + high)));
    const width = Math.hypot(0.5 * (high - low), narrowest);
    const strip = Math.min(
      WIDEST_STRIP,
      ...near.map((feature) => arsinhImaginary((feature.at - centre) / width, feature.width / width)),
    );
    // Im²η − Re²η is at most sin²y(width² + centre²/cos 2y) at the shift y of t.
    const growth = (1 + steepness * steepness) * (width * width + (centre * centre) / Math.cos(2 * strip));
    const step = contourStep(logarithm, strip, growth);
    const [first, last] = [Math.asinh((-reach - centre) / width), Math.asinh((reach - centre) / width)];
    if ((last - first) / step > Math.min(MOST_TRAPEZOID_NODES, (GAIN * 2 * reach) / plainStep)) {
      plain();
      return;
    }
    this.start(0);
    for (let k = Math.floor(first / step); k <= Math.ceil(last / step); k++) {
      const grown = Math.exp(k * step);
      const eta = centre + 0.5 * width * (grown - 1 / grown);
      this.push(eta, 0.5 * step * width * (grown + 1 / grown) * normalPdf(eta));
    }
  }

  trapezoid(step: number, reach: number): void {
    if (this.trapezoidStep === step && this.trapezoidReach === reach) return;
    const half = Math.ceil(reach / step);
    this.start(2 * half + 1);
    for (let k = -half; k <= half; k++) this.push(k * step, step * normalPdf(k * step));
    [this.trapezoidStep, this.trapezoidReach] = [step, reach];
  }

  /**
   * Gauss–Legendre panels between the break points; those near a feature are no longer than its width allows, and they
   * grow in proportion to the distance from it.
   *
   * @param limit of the length of a panel by its left end
   */
  panels(
    { logarithm, reach }: Accuracy,
    breakpoints: readonly number[],
    features: readonly Feature[],
    limit: (left: number) => number = unlimited,
  ): void {
    this.start(0);
    const longest = 8 / Math.sqrt(logarithm);
    // An n-point rule on half-length H errs by e^{−2nθ} for a singularity at distance H sinh θ.
    const perWidth = 2 / Math.sinh(logarithm / (2 * PANEL_NODES));
    const inside = breakpoints.filter((b) => Math.abs(b) < reach).sort((a, b) => a - b);
    const narrow = features.filter((feature) => Math.abs(feature.at) < reach + 8 * feature.width);
    let left = -reach;
    for (const end of [...inside, reach]) {
      while (end - left > 0) {
        let length = Math.min(longest, limit(left));
        for (const { at, width } of narrow) length = Math.min(length, perWidth * width + 0.4 * Math.abs(left - at));
        length = Math.max(length, SHORTEST);
        // The rest in one or two equal panels rather than a long and a tiny one.
        const rest = end - left;
        if (rest <= 1.001 * length) length = rest;
        else if (rest < 2 * length) length = 0.5 * rest;
        this.panel(left, left + length);
        left = length === rest ? end : left + length;
      }
    }
  }

  private panel(left: number, right: number): void {
    const rule = legendreRule(PANEL_NODES);
    const half = 0.5 * (right - left);
    for (let i = 0; i < PANEL_NODES; i++) {
      const z = left + half * (1 + rule.nodes[i]!);
      this.push(z, half * rule.weights[i]! * normalPdf(z));
    }
  }

  private start(capacity: number): void {
    this.count = 0;
    this.trapezoidStep = NaN;
    if (capacity > this.nodes.length) this.grow(capacity);
  }

  private push(node: number, weight: number): void {
    if (this.count === this.nodes.length) this.grow(2 * this.count);
    this.nodes[this.count] = node;
    this.weights[this.count++] = weight;
  }

  private grow(capacity: number): void {
    const [nodes, weights] = [new Float64Array(capacity), new Float64Array(capacity)];
    nodes.set(this.nodes);
    weights.set(this.weights);
    this.nodes = nodes;
    this.weights = weights;
  }
}

/** Im arsinh(a + ib) */
function arsinhImaginary(a: number, b: number): number {
  return Math.asin(Math.min(1, (2 * b) / (Math.hypot(a, 1 + b) + Math.hypot(a, 1 - b))));
}
