import type { ConvexLoss, Feature, ProximalPoint } from "../loss/convexLoss.ts";
import { accuracy, type Accuracy, GaussianNodes, trapezoidStep } from "../convex/gaussianNodes.ts";
import type { Observed } from "../convex/localPotential.ts";
import { noAverages, residualAverager } from "../convex/residualAverages.ts";
import type { LabelProbability } from "./labelProbability.ts";

/** What the saddle point of covariates §6 reads of the labels and the loss, for f = M + Lζ + √s2 ξ at the susceptibility V. */
export interface OutputChannel {
  /** Writes −E g, −E[ζg], ½E D and −½E g², the derivatives of the local potential. */
  evaluate(M: number, L: number, s2: number, V: number, out: Float64Array): void;
  observe(M: number, L: number, s2: number, V: number, out: Observed): void;
}

/** Widest strip that a rule for ζ is asked to resolve by equidistant nodes. */
const narrowest = (features: readonly Feature[]): number =>
  features.reduce((least, { width }) => Math.min(least, width), Infinity);

/** Nodes for functions of a standard normal that are analytic but for jumps, and steep at the features. */
function choose(goal: Accuracy, jumps: readonly number[], features: readonly Feature[], rule: GaussianNodes): void {
  if (jumps.length > 0) rule.panels(goal, jumps, features);
  else rule.smooth(goal, trapezoidStep(goal, narrowest(features), 0), features);
}

/** Losses of residuals on labels ±1: given ζ and y the residual is N(y − M − Lζ, s2). */
export function labelledResidual(loss: ConvexLoss, labels: LabelProbability, digits: number): OutputChannel {
  const goal = accuracy(digits);
  const rule = new GaussianNodes();
  const averager = residualAverager(loss, goal);
  const averages = noAverages();

  function nodes(M: number, L: number, s2: number, thresholds: readonly number[]): void {
    const width = (2 * Math.sqrt(s2)) / Math.abs(L);
    const crossings = thresholds.flatMap((x) => [1, -1].map((y) => ({ at: (y - M - x) / L, width })));
    const steep = width < 2 ? crossings : [];
    choose(goal, labels.jumps, [...labels.features, ...steep], rule);
  }

  function forEach(visit: (weight: number, zeta: number, y: number) => void): void {
    for (let j = 0; j < rule.count; j++) {
      const zeta = rule.nodes[j]!;
      const up = labels.value(zeta);
      if (up > 0) visit(rule.weights[j]! * up, zeta, 1);
      if (up < 1) visit(rule.weights[j]! * (1 - up), zeta, -1);
    }
  }

  return {
    evaluate(M, L, s2, V, out) {
      nodes(M, L, s2, loss.breakpoints(V));
      out.fill(0);
      forEach((weight, zeta, y) => {
        averager(y - M - L * zeta, s2, V, averages);
        out[0]! -= weight * averages.slope;
        out[1]! -= weight * zeta * averages.slope;
        out[2]! += 0.5 * weight * averages.curvature;
        out[3]! -= 0.5 * weight * averages.square;
      });
    },
    observe(M, L, s2, V, out) {
      nodes(M, L, s2, [...loss.breakpoints(V), ...loss.breakpoints(0)]);
      out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
      out.testClassification = out.trainClassification = NaN;
      forEach((weight, zeta, y) => {
        const a = y - M - L * zeta;
        averager(a, s2, V, averages);
        out.testSquare += weight * (a * a + s2);
        out.trainSquare += weight * averages.trainSquare;
        out.trainLoss += weight * averages.trainLoss;
        averager(a, s2, 0, averages);
        out.testLoss += weight * averages.trainLoss;
      });
    },
  };
}

/**
 * Losses of margins on labels ±1 of any probability: with f = M + Sη, S² = s2 + L², and ζ = (L/S)η + (√s2/S)ζ′ the label is
 * averaged over ζ′ at every node of η.
 */
export function labelledMargin(loss: ConvexLoss, labels: LabelProbability, digits: number): OutputChannel {
  const goal = accuracy(digits);
  const outer = new GaussianNodes();
  const inner = new GaussianNodes();
  const points: readonly ProximalPoint[] = [
    { z: 0, slope: 0, curvature: 0 },
    { z: 0, slope: 0, curvature: 0 },
  ];

  function outerNodes(M: number, S: number, along: number, across: number, V: number, breaks: number[]): void {
    // The average over ζ′ smoothes what is steep in the labels.
    const smoothed = labels.features.map(({ at, width }) => {
      return { at: at / along, width: Math.hypot(width, across) / Math.abs(along) };
    });
    const ofLabels = smoothed.filter(({ at }) => Math.abs(at) < 1e3);
    const ofLoss = loss.features(V).flatMap(({ at, width }) => {
      return [at, -at].map((x): Feature => ({ at: (x - M) / S, width: width / S }));
    });
    const features = [...ofLabels, ...ofLoss];
    if (breaks.length > 0) {
      outer.panels(
        goal,
        breaks.flatMap((x) => [(x - M) / S, (-x - M) / S]),
        features,
      );
      return;
    }
    const strip = Math.min(loss.strip / S, narrowest(ofLabels));
    outer.smooth(goal, trapezoidStep(goal, strip, 0), features);
  }

  /** Visits η with P(y = 1 | η) and E[ζ 1(y = 1) | η]. */
  function forEach(
    along: number,
    across: number,
    visit: (weight: number, eta: number, up: number, zetaUp: number) => void,
  ) {
    for (let j = 0; j < outer.count; j++) {
      const eta = outer.nodes[j]!;
      const steep = labels.features.map(({ at, width }) => {
        return { at: (at - along * eta) / across, width: width / across };
      });
      choose(goal, [], steep, inner);
      let [up, zetaUp] = [0, 0];
      for (let k = 0; k < inner.count; k++) {
        const zeta = along * eta + across * inner.nodes[k]!;
        const p = inner.weights[k]! * labels.value(zeta);
        up += p;
        zetaUp += p * zeta;
      }
      visit(outer.weights[j]!, eta, up, zetaUp);
    }
  }

  return {
    evaluate(M, L, s2, V, out) {
      const S = Math.sqrt(s2 + L * L);
      const [along, across] = [L / S, Math.sqrt(s2) / S];
      outerNodes(M, S, along, across, V, loss.breakpoints(V));
      out.fill(0);
      forEach(along, across, (weight, eta, up, zetaUp) => {
        for (const [i, y] of [1, -1].entries()) {
          const point = points[i]!;
          loss.proximal(y * (M + S * eta), V, point);
          const p = y > 0 ? up : 1 - up;
          const zeta = y > 0 ? zetaUp : along * eta - zetaUp;
          out[0]! += weight * p * y * point.slope;
          out[1]! += weight * zeta * y * point.slope;
          out[2]! += 0.5 * weight * p * point.curvature;
          out[3]! -= 0.5 * weight * p * point.slope * point.slope;
        }
      });
    },
    observe(M, L, s2, V, out) {
      const S = Math.sqrt(s2 + L * L);
      const [along, across] = [L / S, Math.sqrt(s2) / S];
      // z has the sign of x − Vℓ′(0).
      const threshold = V * loss.slopeAtZero;
      outerNodes(M, S, along, across, V, [...loss.breakpoints(V), ...loss.breakpoints(0), 0, threshold]);
      out.testLoss = out.trainLoss = out.testClassification = out.trainClassification = 0;
      out.testSquare = out.trainSquare = NaN;
      forEach(along, across, (weight, eta, up) => {
        for (const [i, y] of [1, -1].entries()) {
          const point = points[i]!;
          const margin = y * (M + S * eta);
          loss.proximal(margin, V, point);
          const p = weight * (y > 0 ? up : 1 - up);
          out.testLoss += p * loss.value(margin);
          out.trainLoss += p * loss.value(point.z);
          if (margin < 0) out.testClassification += p;
          if (margin < threshold) out.trainClassification += p;
        }
      });
    },
  };
}
