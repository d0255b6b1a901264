import { normalCdf } from "../numerics/normal.ts";
import type { ConvexLoss, Feature } from "../loss/convexLoss.ts";
import { accuracy } from "./gaussianNodes.ts";
import { blurOf, type LabelLaw, type LabelValue, labelValues, signsOfTarget } from "./labelLaw.ts";
import type { LocalPotential, ObservedLosses } from "./localPotential.ts";
import { FieldNodes, type LabelledNodes } from "./fieldNodes.ts";
import { FieldColumns, fieldSums, type LossSums, type SlopeDifferences } from "./fieldSums.ts";
import { type ClassErrors, type OutputGiven, type Pulls, pullsOf, stepErrors, turnsInKappa } from "./stepLabels.ts";

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
  const sums = fieldSums(loss, goal);
  const margin = loss.kind === "margin";
  const kinks = loss.breakpoints(0);
  const negligible = NEGLIGIBLE * Math.exp(-goal.logarithm);
  // Losses have kinks that nothing but the output's spread smoothes: their rule is another.
  const lossField = new FieldNodes(law, loss.kind, goal);
  const unresolved = 10 ** (-digits / GAIN);
  const unresolvedLosses = 10 ** (-(digits + MORE_DIGITS) / GAIN_OF_LOSSES);
  const columns = new FieldColumns();
  const apart: SlopeDifferences = { curvature: 0, square: 0, slope: 0, tilt: 0 };
  const lost: LossSums = { trainLoss: 0, trainSquare: 0, testLoss: 0, trainDifference: 0, testDifference: 0 };

  /** Writes the columns of a label; what has less weight than this has none. */
  function fillColumns(label: LabelValue, { M, L }: OutputGiven, labelled: LabelledNodes, least: number): void {
    const { count, nodes, weights, values } = labelled;
    columns.start(count);
    for (let j = 0; j < count; j++) {
      const w = label.probability(values[j]!) * weights[j]!;
      const y = label.value(values[j]!);
      const mean = M + L * nodes[j]!;
      columns.push(nodes[j]!, w > least ? w : 0, margin ? y * mean : y - mean);
    }
  }

  /** @returns how far the rules of every second node are apart, relative to both */
  function derivatives(output: OutputGiven, V: number, out: Float64Array): number {
    const labelled = field.at(output, loss.breakpoints(V));
    out.fill(0);
    apart.curvature = apart.square = apart.slope = apart.tilt = 0;
    for (const label of labels) {
      fillColumns(label, output, labelled, negligible);
      sums.derivatives(columns, output.s2 + label.noise, V, margin ? label.sign : -1, out, apart);
    }
    if (!labelled.refinable) return 0;
    const square = -2 * out[3]!;
    // Slopes of either sign cancel: beside their root mean square.
    const slopes = relative(Math.max(Math.abs(apart.slope), Math.abs(apart.tilt)), Math.sqrt(square));
    return Math.max(relative(apart.curvature, 2 * out[2]!), relative(apart.square, square), slopes);
  }

  /** @returns the same for losses */
  function losses(output: OutputGiven, V: number, out: ObservedLosses): number {
    const { M, L, s2 } = output;
    const labelled = lossField.at(output, [...loss.breakpoints(V), ...kinks]);
    lost.testLoss = lost.trainLoss = lost.trainSquare = lost.trainDifference = lost.testDifference = 0;
    out.testSquare = 0;
    for (const label of labels) {
      fillColumns(label, output, labelled, 0);
      sums.losses(columns, s2 + label.noise, V, lost);
      for (let j = 0; j < columns.count; j++) {
        const residual = label.value(labelled.values[j]!) - M - L * columns.zeta[j]!;
        out.testSquare += columns.weights[j]! * (residual * residual + s2 + label.noise);
      }
    }
    const { trainLoss, trainSquare, testLoss, trainDifference, testDifference } = lost;
    out.trainLoss = trainLoss;
    out.trainSquare = trainSquare;
    out.testLoss = testLoss;
    if (!labelled.refinable) return 0;
    return Math.max(relative(trainDifference, trainLoss), relative(testDifference, testLoss));
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
    },

    classes: classesOf(loss, law, field),
    blur: blurOf(loss, law),
  };
}

/** The part that the density of κ has in a difference of two rules, whose power is the error: far out labels may be steep beside s. */
const shareOf = (kappa: number, gain: number): number => Math.exp((-0.5 * kappa * kappa) / gain);

const relative = (difference: number, whole: number): number => (whole > 0 ? Math.abs(difference) / whole : 0);

function classesOf(loss: ConvexLoss, law: LabelLaw, field: FieldNodes): ClassErrors {
  const { signs, alignment } = law;
  // Real labels have the class of their sign without the noise.
  if (!signs) return stepErrors({ alignment, steps: signsOfTarget(law), noise: 0 });
  const pulls = pullsOf(loss);
  return signs.law.kind === "steps"
    ? stepErrors({ alignment, ...signs.law }, pulls)
    : curveErrors(law, signs.law.transitions, pulls, field);
}

/** Of labels ±1 with any mean: they change where the output passes 0 or, in training, what the label pulls it to. */
function curveErrors(law: LabelLaw, transitions: readonly Feature[], pulls: Pulls, field: FieldNodes): ClassErrors {
  const labels = labelValues(law);
  const { up, down } = pulls;
  return {
    turns: turnsInKappa(law.alignment, transitions),
    pulls,
    write(output, V, out) {
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
          const y = label.sign;
          out.testClassification += w * normalCdf((-y * mean) / s);
          out.trainClassification += w * normalCdf((V * (y > 0 ? up : down) - y * mean) / s);
        }
      }
    },
  };
}
