import { signOf, stepsOf } from "../activation/signs.ts";
import { normalCdf } from "../numerics/normal.ts";
import type { ConvexLoss, ProximalPoint } from "../loss/convexLoss.ts";
import { accuracy } from "./gaussianNodes.ts";
import { type LabelLaw, labelValues } from "./labelLaw.ts";
import type { LocalPotential, Observed } from "./localPotential.ts";
import { noAverages } from "./averages.ts";
import { lossAverager } from "./lossAverages.ts";
import { FieldNodes } from "./fieldNodes.ts";
import type { OutputGiven, StepLabels } from "./stepLabels.ts";

/** A label and node of a probability below this fraction of the accuracy do not count: residuals may be large where they are rare. */
const NEGLIGIBLE = 1e-6;
/**
 * By how much the digits of averages over ζ grow at least where the step is halved, of the saddle point and of losses: four times
 * those of one Gaussian, less where a target that oscillates brings in small parts of higher frequencies.
 */
const [GAIN, GAIN_OF_LOSSES] = [1.5, 2];
/** Digits of the losses beyond those of the saddle point: nothing checks them. */
const MORE_DIGITS = 2;

/**
 * The local potential of any loss on any labels: given κ and ζ the residual y − ω is N(y − M − Lζ, s² + Δ), and the margin yω is
 * N(y(M + Lζ), s²) (convexLosses §4), averaged by the loss, and ζ by a rule that is split where the labels break.
 */
export function fieldPotential(loss: ConvexLoss, law: LabelLaw, digits: number): LocalPotential {
  const goal = accuracy(digits);
  const labels = labelValues(law);
  const field = new FieldNodes(law, loss.kind, goal);
  const averager = lossAverager(loss, goal);
  // V changes from κ to κ, and V = 0 stays.
  const testAverager = lossAverager(loss, goal);
  const A = noAverages();
  const margin = loss.kind === "margin";
  const classes = law.signs ? signClasses(loss, law, field) : undefined;
  const kinks = loss.breakpoints(0);
  const negligible = NEGLIGIBLE * Math.exp(-goal.logarithm);
  // Losses have kinks that nothing but the output's spread smoothes: their rule is another.
  const lossField = new FieldNodes(law, loss.kind, goal);
  const unresolved = 10 ** (-digits / GAIN);
  const unresolvedLosses = 10 ** (-(digits + MORE_DIGITS) / GAIN_OF_LOSSES);

  /** @returns how far the rules of every second node are apart, relative to both */
  function derivatives({ kappa, M, L, s2 }: OutputGiven, V: number, out: Float64Array): number {
    const { count, nodes, weights, values, refinable } = field.at({ kappa, M, L, s2 }, loss.breakpoints(V));
    out.fill(0);
    let [alternating, alternatingSquare, alternatingSlope, alternatingTilt] = [0, 0, 0, 0];
    for (let j = 0; j < count; j++) {
      const zeta = nodes[j]!;
      const mean = M + L * zeta;
      const side = (j & 1) === 0 ? 1 : -1;
      for (let k = 0; k < labels.length; k++) {
        const label = labels[k]!;
        const w = label.probability(values[j]!) * weights[j]!;
        if (!(w > negligible)) continue;
        const y = label.value(values[j]!);
        // dx/dω
        const direction = margin ? y : -1;
        averager(margin ? y * mean : y - mean, s2 + label.noise, V, false, A);
        const wd = w * direction;
        const wz = w * zeta;
        const wzd = wz * direction;
        alternating += side * w * A.curvature;
        alternatingSquare += side * w * A.square;
        alternatingSlope += side * wd * A.slope;
        alternatingTilt += side * wzd * A.slope;
        out[0]! += wd * A.slope;
        out[1]! += wzd * A.slope;
        out[2]! += 0.5 * w * A.curvature;
        out[3]! -= 0.5 * w * A.square;
        out[4]! += w * A.curvature;
        out[5]! += wz * A.curvature;
        out[6]! += 0.5 * wd * A.curvatureSlope;
        out[7]! -= wd * A.product;
        out[8]! += wz * zeta * A.curvature;
        out[9]! += 0.5 * wzd * A.curvatureSlope;
        out[10]! -= wzd * A.product;
        out[11]! += 0.25 * w * A.curvatureCurvature;
        out[12]! -= 0.5 * w * A.productSlope;
        out[13]! += w * A.cubic;
      }
    }
    if (!refinable) return 0;
    const square = -2 * out[3]!;
    // Slopes of either sign cancel: beside their root mean square.
    const slopes = relative(Math.max(Math.abs(alternatingSlope), Math.abs(alternatingTilt)), Math.sqrt(square));
    return Math.max(relative(alternating, 2 * out[2]!), relative(alternatingSquare, square), slopes);
  }

  /** @returns the same for losses */
  function losses(output: OutputGiven, V: number, out: Observed): number {
    const { M, L, s2 } = output;
    const { count, nodes, weights, values, refinable } = lossField.at(output, [...loss.breakpoints(V), ...kinks]);
    out.testLoss = out.trainLoss = out.testSquare = out.trainSquare = 0;
    let [alternating, alternatingTest] = [0, 0];
    for (let j = 0; j < count; j++) {
      const mean = M + L * nodes[j]!;
      const side = (j & 1) === 0 ? 1 : -1;
      for (const label of labels) {
        const w = weights[j]! * label.probability(values[j]!);
        if (!(w > 0)) continue;
        const y = label.value(values[j]!);
        const a = margin ? y * mean : y - mean;
        averager(a, s2 + label.noise, V, true, A);
        out.testSquare += w * ((y - mean) ** 2 + s2 + label.noise);
        out.trainSquare += w * A.trainSquare;
        out.trainLoss += w * A.trainLoss;
        alternating += side * w * A.trainLoss;
        testAverager(a, s2 + label.noise, 0, true, A);
        out.testLoss += w * A.trainLoss;
        alternatingTest += side * w * A.trainLoss;
      }
    }
    if (!refinable) return 0;
    return Math.max(relative(alternating, out.trainLoss), relative(alternatingTest, out.testLoss));
  }

  return {
    refinements: () => field.refinements + lossField.refinements,

    evaluate(kappa, M, L, s2, V, out) {
      while (derivatives({ kappa, M, L, s2 }, V, out) * shareOf(kappa, GAIN) > unresolved) field.refine();
    },

    observe(kappa, M, L, s2, V, out) {
      const output = { kappa, M, L, s2 };
      while (losses(output, V, out) * shareOf(kappa, GAIN_OF_LOSSES) > unresolvedLosses) lossField.refine();
      // A margin says nothing of squares.
      if (margin) out.trainSquare = NaN;
      if (classes) classes(output, V, out);
      else out.testClassification = out.trainClassification = NaN;
    },

    ...(!law.signs && { classes: numberClasses(law) }),
  };
}

/** The part that the density of κ has in a difference of two rules, whose power is the error: far out labels may be steep beside s. */
const shareOf = (kappa: number, gain: number): number => Math.exp((-0.5 * kappa * kappa) / gain);

const relative = (difference: number, whole: number): number => (whole > 0 ? Math.abs(difference) / whole : 0);

/** Writes the classification errors given κ. */
type Classes = (output: OutputGiven, V: number, out: Observed) => void;

/** Real labels have the class of their sign without the noise. */
function numberClasses({ target, alignment }: LabelLaw): StepLabels {
  const { value, kinks, jumps } = target;
  return { alignment, steps: stepsOf(signOf({ value, kinks, jumps }, "target")), noise: 0 };
}

/** Of labels ±1: they change where the output passes 0 or, in training, what the label pulls it to. */
function signClasses(loss: ConvexLoss, law: LabelLaw, field: FieldNodes): Classes {
  const labels = labelValues(law);
  const [up, down] = [pullTowards(loss, 1), pullTowards(loss, -1)];
  return (output, V, out) => {
    const { M, L, s2 } = output;
    const places = [0, V * up, -V * down].filter(Number.isFinite);
    const { count, nodes, weights, values } = field.forClasses(output, places);
    out.testClassification = out.trainClassification = 0;
    const s = Math.sqrt(s2);
    for (let j = 0; j < count; j++) {
      const mean = M + L * nodes[j]!;
      for (const label of labels) {
        const w = weights[j]! * label.probability(values[j]!);
        if (!(w > 0)) continue;
        const y = label.value(values[j]!);
        out.testClassification += w * normalCdf((-y * mean) / s);
        out.trainClassification += w * normalCdf((V * (y > 0 ? up : down) - y * mean) / s);
      }
    }
  };
}

/** yz < 0 where yω is below V times this: ℓ′ at z = 0, along y. */
function pullTowards(loss: ConvexLoss, y: number): number {
  if (loss.kind === "margin") return loss.slopeAtZero;
  if (loss.limitOf) return -Infinity;
  const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
  loss.proximal(y, 0, point);
  return -y * point.slope;
}
