import { bayesOptimal } from "../../../src/index.ts";
import { withSwept } from "../../../src/curve/sweep.ts";
import type { StepInput } from "../../../src/multiIndex/description.ts";
import { stepParameter } from "../../../src/parameters/table.ts";
import type { Point } from "../chart.ts";
import { type AxisName, isLogarithmic } from "../fields.ts";
import { isExpected } from "../messages.ts";
import type { ExplorerModel, Request } from "../state.ts";

/** The line so far, or why there is none. */
export interface BayesLine {
  readonly kind: "bayes";
  readonly points: readonly Point[];
  readonly reason: string;
}

/** Points of a line along an axis that it depends on; it is smooth but for a jump where the target becomes learnable. */
const POINTS = 33;
/** Digits that a line shows. */
const TOLERANCE = 1e-5;

const moves = (axis: AxisName): boolean =>
  ["sampleRatio", "stepSampleRatio", "labelNoise"].includes(stepParameter(axis)?.field ?? axis);

/** Samples of all steps per dimension. */
export function samplesOfSteps(model: ExplorerModel): number {
  const { steps, stepSampleRatio = 0 } = model as {
    readonly steps?: readonly StepInput[];
    readonly stepSampleRatio?: number;
  };
  return steps ? steps.reduce((sum, step) => sum + step.stepSampleRatio, 0) : stepSampleRatio;
}

/** The least test error that any algorithm reaches from the samples of readout and step, along the axis, coarse first. */
export function* bayesLine({ model, axis, domain }: Request): Generator<BayesLine> {
  const errors = new Map<number, number>();
  let reason = "";
  for (const share of shares(moves(axis) ? POINTS : 1)) {
    const x = abscissa(share, domain, axis);
    const there = withSwept(model, { [axis]: x }) as ExplorerModel;
    const { target, sampleRatio, labelNoise = 0 } = there;
    const stepSampleRatio = samplesOfSteps(there);
    try {
      errors.set(
        share,
        bayesOptimal({ target, sampleRatio, stepSampleRatio, labelNoise, tolerance: TOLERANCE }).testError,
      );
    } catch (error) {
      if (!isExpected(error)) throw error;
      errors.set(share, NaN);
      reason ||= error.message;
    }
    const ascending = [...errors].sort(([a], [b]) => a - b);
    const [only] = ascending;
    const ends = moves(axis) ? ascending : [0, 1].map((end) => [end, only![1]] as const);
    yield { kind: "bayes", points: ends.map(([at, y]) => ({ x: abscissa(at, domain, axis), y })), reason };
  }
}

/** Places from 0 to 1, the ends first and then between those that there are. */
function* shares(count: number): Generator<number> {
  yield 0;
  if (count > 1) yield 1;
  for (let parts = 2; parts < count; parts *= 2) {
    for (let k = 1; k < parts; k += 2) yield k / parts;
  }
}

function abscissa(share: number, [low, high]: readonly [number, number], axis: AxisName): number {
  return isLogarithmic(axis) ? low * (high / low) ** share : low + share * (high - low);
}
