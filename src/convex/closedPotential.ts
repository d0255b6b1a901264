/**
 * Local potentials of losses in straight pieces without an integral: given κ, the residual or margin x is normal, and so is what
 * the label hangs on. By Stein's lemma E[ζf(x)] = (dx/dζ)E f′, and within an event G > h, beside that, what flows across h.
 */
import type { ConvexLoss } from "../loss/convexLoss.ts";
import { normalPdf } from "../numerics/normal.ts";
import { blurOf, type LabelLaw, labelNoises } from "./labelLaw.ts";
import type { LocalPotential } from "./localPotential.ts";
import { type LossAverages, noAverages } from "./averages.ts";
import { eventMoments, type NormalEvent } from "./eventMoments.ts";
import { normalMoments } from "./pieceMoments.ts";
import { isPiecewise, type PiecewiseLoss, PieceTable, slopeAverages, trainAverages } from "./pieceTable.ts";
import {
  growthOf,
  type Line,
  lineOf,
  type OutputGiven,
  pullsOf,
  signOfLine,
  stepErrors,
  type StepLabels,
} from "./stepLabels.ts";

/** Deviations beyond which an event is certain or impossible. */
const CERTAIN = 12;

/** How x moves: by the output ω, and by ζ in all. */
interface Directions {
  readonly output: number;
  readonly zeta: number;
}

/** Adds a label's part to the derivatives of the potential; `flow` is (dG/dζ)φ(h) of an event, with the averages given G = h. */
function addLabel(
  out: Float64Array,
  weight: number,
  { output, zeta }: Directions,
  all: LossAverages,
  flow: number,
  event: EventGeometry,
  given: LossAverages,
): void {
  const slope = zeta * all.curvature + flow * given.slope;
  const curvature = zeta * all.curvatureSlope + flow * given.curvature;
  const curvatureSlope = zeta * all.curvatureCurvature + flow * given.curvatureSlope;
  const product = zeta * all.productSlope + flow * given.product;
  const across = event.along * event.place * given.curvature + zeta * event.noiseShare * given.curvatureSlope;
  const twice = all.curvature + zeta * curvatureSlope + flow * across;
  const w = weight;
  const wd = w * output;
  out[0]! += wd * all.slope;
  out[1]! += wd * slope;
  out[2]! += 0.5 * w * all.curvature;
  out[3]! -= 0.5 * w * all.square;
  out[4]! += w * all.curvature;
  out[5]! += w * curvature;
  out[6]! += 0.5 * wd * all.curvatureSlope;
  out[7]! -= wd * all.product;
  out[8]! += w * twice;
  out[9]! += 0.5 * wd * curvatureSlope;
  out[10]! -= wd * product;
  out[11]! += 0.25 * w * all.curvatureCurvature;
  out[12]! -= 0.5 * w * all.productSlope;
  out[13]! += w * all.cubic;
}

/** G > h, G = ±(F − γκ)/τ: dG/dζ, h, and the part Δ/τ² of G that is noise. */
interface EventGeometry {
  readonly along: number;
  readonly place: number;
  readonly noiseShare: number;
}

const ALWAYS: EventGeometry = { along: 0, place: 0, noiseShare: 0 };
const NOTHING = noAverages();

/** A part of the labels: ±1 with a weight, on an event or always. */
interface LabelPart {
  readonly y: number;
  readonly weight: number;
  /** The place of the step. */
  readonly step?: number;
}

/** y = +1: base + Σ jumps·1(F > place); y = −1: what is left of it at +∞, and Σ jumps·1(F < place). */
function partsOf({ steps }: StepLabels): readonly LabelPart[] {
  const { base, jumps } = growthOf(steps);
  const top = jumps.reduce((sum, jump) => sum + jump, base);
  const always = [
    { y: 1, weight: base },
    { y: -1, weight: 1 - top },
  ];
  const onEvents = steps.places.flatMap((step, i) => [1, -1].map((y) => ({ y, weight: jumps[i]!, step })));
  return [...always, ...onEvents].filter(({ weight }) => Math.abs(weight) > 1e-16);
}

/** Moments of x and of what it is given, at V and for the test loss. */
class Workspace {
  readonly table: PieceTable;
  readonly given: PieceTable;
  readonly test: PieceTable;
  readonly testGiven: PieceTable;
  readonly all = noAverages();
  readonly across = noAverages();
  readonly event: NormalEvent = { place: 0, covariance: 0, across: 0 };

  constructor(loss: PiecewiseLoss) {
    this.table = new PieceTable(loss);
    this.given = new PieceTable(loss);
    this.test = new PieceTable(loss);
    this.testGiven = new PieceTable(loss);
  }
}

/** The potential on labels ±1 that are steps of F = t + √Δε (statistics §1). */
function stepPotential(loss: PiecewiseLoss, law: StepLabels): LocalPotential {
  const { alignment, noise } = law;
  const margin = loss.kind === "margin";
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const tau2 = rho * rho + noise;
  const tau = Math.sqrt(tau2);
  const along = tau > 0 ? rho / tau : 0;
  const noiseShare = tau > 0 ? noise / tau2 : 1;
  const parts = partsOf(law);
  const work = new Workspace(loss);

  /** h of a part's event; −∞ where it is certain, ∞ where it never is. */
  function placeOf({ y, step }: LabelPart, kappa: number): number {
    if (step === undefined) return -Infinity;
    const distance = y * (step - alignment * kappa);
    const place = tau > 0 ? distance / tau : distance > 0 ? Infinity : -Infinity;
    return Math.abs(place) > CERTAIN ? place * Infinity : place;
  }

  /** Moments of a part's x on the table, with those given G = h on the other; whether there is an event. */
  function moments(
    table: PieceTable,
    given: PieceTable,
    part: LabelPart,
    place: number,
    { M, L, s2 }: OutputGiven,
  ): void {
    const variance = s2 + L * L;
    const mean = margin ? part.y * M : part.y - M;
    if (place === -Infinity) {
      normalMoments(table, mean, variance);
      return;
    }
    const { event } = work;
    event.place = place;
    event.covariance = (margin ? L : -part.y * L) * along;
    event.across = s2 + L * L * noiseShare;
    normalMoments(given, mean + event.covariance * place, event.across);
    eventMoments(table, mean, variance, event, given);
  }

  return {
    evaluate(kappa, M, L, s2, V, out) {
      out.fill(0);
      work.table.prepare(V);
      work.given.prepare(V);
      const output = { kappa, M, L, s2 };
      for (const part of parts) {
        const place = placeOf(part, kappa);
        if (place === Infinity) continue;
        moments(work.table, work.given, part, place, output);
        slopeAverages(work.table, work.all);
        const sign = margin ? part.y : -1;
        const directions = { output: sign, zeta: sign * L };
        if (place === -Infinity) {
          addLabel(out, part.weight, directions, work.all, 0, ALWAYS, NOTHING);
          continue;
        }
        slopeAverages(work.given, work.across);
        const geometry = { along: part.y * along, place, noiseShare };
        const flow = geometry.along * normalPdf(place);
        addLabel(out, part.weight, directions, work.all, flow, geometry, work.across);
      }
    },

    observe(kappa, M, L, s2, V, out) {
      work.table.prepare(V);
      work.given.prepare(V);
      work.test.prepare(0);
      work.testGiven.prepare(0);
      out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
      const output = { kappa, M, L, s2 };
      for (const part of parts) {
        const place = placeOf(part, kappa);
        if (place === Infinity) continue;
        moments(work.table, work.given, part, place, output);
        trainAverages(work.table, V, work.all);
        out.trainLoss += part.weight * work.all.trainLoss;
        out.trainSquare += part.weight * work.all.trainSquare;
        moments(work.test, work.testGiven, part, place, output);
        trainAverages(work.test, 0, work.all);
        out.testLoss += part.weight * work.all.trainLoss;
        out.testSquare += part.weight * work.all.trainSquare;
      }
      if (margin) out.testSquare = out.trainSquare = NaN;
    },

    classes: stepErrors(law, pullsOf(loss)),
    blur: 0,
  };
}

/** The potential on real labels a + bt with normal noise of one variance or of two. */
function linePotential(loss: PiecewiseLoss, law: LabelLaw, line: Line): LocalPotential {
  const { alignment } = law;
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const noises = labelNoises(law);
  const work = new Workspace(loss);
  const meanOf = (kappa: number, M: number) => line.offset + line.slope * alignment * kappa - M;

  return {
    evaluate(kappa, M, L, s2, V, out) {
      out.fill(0);
      work.table.prepare(V);
      const zeta = line.slope * rho - L;
      for (const { share, variance } of noises) {
        normalMoments(work.table, meanOf(kappa, M), zeta * zeta + s2 + variance);
        slopeAverages(work.table, work.all);
        addLabel(out, share, { output: -1, zeta }, work.all, 0, ALWAYS, NOTHING);
      }
    },

    observe(kappa, M, L, s2, V, out) {
      work.table.prepare(V);
      work.test.prepare(0);
      out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
      const mean = meanOf(kappa, M);
      const zeta = line.slope * rho - L;
      for (const { share, variance } of noises) {
        const spread = zeta * zeta + s2 + variance;
        normalMoments(work.table, mean, spread);
        trainAverages(work.table, V, work.all);
        out.trainLoss += share * work.all.trainLoss;
        out.trainSquare += share * work.all.trainSquare;
        normalMoments(work.test, mean, spread);
        trainAverages(work.test, 0, work.all);
        out.testLoss += share * work.all.trainLoss;
        out.testSquare += share * (mean * mean + spread);
      }
    },

    classes: stepErrors({ alignment, steps: signOfLine(line), noise: 0 }),
    blur: blurOf(loss, law),
  };
}

/**
 * The potential of a loss in pieces where it has a closed form: on labels that are steps or a line of a normal number. Not in the
 * limit λ → 0: there it is a difference of what grows, and its rounding would pass for a grid that is too coarse.
 */
export function closedPotential(loss: ConvexLoss, labels: LabelLaw): LocalPotential | undefined {
  if (loss.limitOf || !isPiecewise(loss)) return undefined;
  const { signs, alignment, target } = labels;
  if (signs) return signs.law.kind === "steps" ? stepPotential(loss, { alignment, ...signs.law }) : undefined;
  const line = lineOf(target);
  return line && linePotential(loss, labels, line);
}
