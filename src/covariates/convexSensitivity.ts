/** Derivatives of a convex loss on Gaussian covariates (covariates §6) by n, λ and Δ, by the implicit function theorem. */
import { DERIVATIVES, MEAN, second, SLOPE, SUSCEPTIBILITY, VARIANCE } from "../convex/localPotential.ts";
import { testLossTerm, trainLossTerm } from "../convex/lossResponse.ts";
import { observedAlong } from "../convex/observedAlong.ts";
import { type Line, lineDerivatives } from "../numerics/lineDerivative.ts";
import { solveInPlace } from "../numerics/linearAlgebra.ts";
import { observe, SENSITIVITY_DIGITS, type SolvedConvex } from "./convexCovariates.ts";
import {
  averagesAt,
  type ConvexState,
  convexSweep,
  type OutputAverages,
  type OutputChannel,
  solveSaddle,
} from "./convexSaddle.ts";
import { type ConvexDirection, convexSweepAlong, type MovedImage } from "./convexSweepAlong.ts";

/** A direction of the parameters. */
export interface ConvexParameters extends ConvexDirection {
  readonly labelNoise: number;
}

type ConvexNumber =
  | ("testLoss" | "trainLoss" | "objective" | "testError" | "excessRisk" | "trainError")
  | ("testClassificationError" | "trainClassificationError" | "V" | "Q" | "m" | "readoutNorm" | "intercept");

/** Derivatives by rules of one accuracy; numbers that are differences along the response have their errors. */
export interface ConvexChange {
  readonly numbers: Readonly<Record<ConvexNumber, number>>;
  readonly differenced: Readonly<Partial<Record<ConvexNumber, number>>>;
  readonly rounding: Readonly<Partial<Record<ConvexNumber, number>>>;
  readonly rate: number;
  readonly error: number;
}

/** @returns derivatives by rules of two accuracies; undefined where there are none */
export function convexSensitivity(solved: SolvedConvex, direction: ConvexParameters): ConvexChange[] | undefined {
  const changes = SENSITIVITY_DIGITS.flatMap((digits) => changeBy(solved, direction, digits) ?? []);
  return changes.length === SENSITIVITY_DIGITS.length ? changes : undefined;
}

/** How the labels' side moves with their noise at a fixed state. */
interface NoiseChange extends Line {
  /** Of the first derivatives of the local potential. */
  readonly gradient: ArrayLike<number>;
  /** Whether it adds to the variance of the output. */
  readonly plain: boolean;
  /** The labels' side at Δ + s·length. */
  readonly channelAt: (s: number) => OutputChannel;
  readonly labelsAt: (s: number) => readonly [mean: number, slope: number, square: number];
}

/** First derivatives of the local potential. */
const FIRST = [MEAN, SLOPE, VARIANCE, SUSCEPTIBILITY];
/** Rounding of an average. */
const AVERAGED = 1e-14;

function noiseChange(solved: SolvedConvex, state: ConvexState, channel: OutputChannel, digits: number): NoiseChange {
  const { teacher, labelNoise, loss, problem } = solved;
  const length = labelNoise || problem.teacherVariance;
  const oneSided = labelNoise === 0;
  const teacherAt = (s: number) => teacher.withNoise(labelNoise + s * length);
  const channelAt = (s: number) => teacherAt(s).channel(loss, digits);
  const labelsAt = (s: number) => {
    const { mean, slope, square } = teacherAt(s).labels;
    return [mean, slope, square] as const;
  };
  const plain = teacherAt(1).additiveNoise > 0;
  const shared = { plain, channelAt, labelsAt, length, oneSided };
  const local = new Float64Array(DERIVATIVES);
  const at = (from: OutputChannel): Float64Array => {
    from.evaluate(state.constant, state.along, state.across, state.susceptibility, local);
    return local.slice(0, FIRST.length);
  };
  const here = at(channel);
  if (plain) return { ...shared, gradient: FIRST.map((v) => local[second(v, VARIANCE)]!) };
  const noise = here.map((value) => AVERAGED * Math.abs(value));
  const found = lineDerivatives((s) => at(channelAt(s)), noise, { length, oneSided });
  return { ...shared, gradient: found.map(({ value }) => value) };
}

/** The averages of the labels' side from the first derivatives of the potential. */
const averagesOf = ([mean, slope, variance, susceptibility]: readonly number[]): OutputAverages => ({
  slope: -mean!,
  slopeAlong: -slope!,
  curvature: 2 * variance!,
  square: -2 * susceptibility!,
});

const UNKNOWNS = ["susceptibility", "across", "along", "constant"] as const;

function changeBy(solved: SolvedConvex, direction: ConvexParameters, digits: number): ConvexChange | undefined {
  const { problem, loss, teacher } = solved;
  const channel = teacher.channel(loss, digits);
  const { state, outcome } = solveSaddle(problem, channel, solved.state);
  if (outcome.status !== "converged") return undefined;
  const noise = direction.labelNoise === 0 ? undefined : noiseChange(solved, state, channel, digits);
  const scratch = new Float64Array(DERIVATIVES);
  const value = averagesAt(channel, state, scratch);
  const along = (moved: ConvexState, point: ConvexDirection, explicit: ArrayLike<number> | undefined): MovedImage => {
    const steps = [moved.constant, moved.along, moved.across, moved.susceptibility];
    const gradient = FIRST.map((v) =>
      steps.reduce((sum, step, w) => sum + scratch[second(v, w)]! * step, explicit?.[v] ?? 0),
    );
    return convexSweepAlong(problem, { value, change: averagesOf(gradient) }, state, moved, point);
  };
  const moved = respond(state, problem.intercept, (by, explicit) =>
    along(by, explicit ? direction : { samples: 0, ridge: 0 }, explicit ? noise?.gradient : undefined),
  );
  if (!moved) return undefined;
  const { readoutNorm } = along(moved, direction, noise?.gradient);
  return observables(solved, { channel, digits, state, moved, readoutNorm, direction, noise });
}

/** (I − T′) dz = ∂T: `along` is T′ of a step, or ∂T at no step. */
function respond(
  { susceptibility, across }: ConvexState,
  intercept: boolean,
  along: (step: ConvexState, explicit: boolean) => MovedImage,
): ConvexState | undefined {
  const none: ConvexState = { susceptibility: 0, across: 0, along: 0, constant: 0 };
  const spread = Math.sqrt(across);
  const units = { susceptibility, across, along: spread, constant: spread };
  const names = UNKNOWNS.slice(0, intercept ? 4 : 3);
  const size = names.length;
  const matrix = new Float64Array(size * size);
  names.forEach((column, j) => {
    const image = along({ ...none, [column]: units[column] }, false);
    names.forEach((row, i) => (matrix[i * size + j] = Number(i === j) - image[row] / units[row]));
  });
  const image = along(none, true);
  const step = Float64Array.from(names, (row) => image[row] / units[row]);
  if (!solveInPlace(matrix, step, size, 1) || !step.every(Number.isFinite)) return undefined;
  return { ...none, ...Object.fromEntries(names.map((name, i) => [name, step[i]! * units[name]])) };
}

/** What a derivative of the observables reads. */
interface Moved {
  readonly channel: OutputChannel;
  readonly digits: number;
  readonly state: ConvexState;
  readonly moved: ConvexState;
  readonly readoutNorm: number;
  readonly direction: ConvexParameters;
  readonly noise: NoiseChange | undefined;
}

/** Rounding of a sum, relative to its terms. */
const ROUNDING = 1e-15;

function observables(solved: SolvedConvex, at: Moved): ConvexChange {
  const { problem, loss, teacher } = solved;
  const { channel, digits, state, moved, direction, noise, readoutNorm } = at;
  const rate = rateOf(state, moved);
  const observedAt = (way: number) => {
    const there = UNKNOWNS.map((name) => [name, state[name] + way * moved[name]] as const);
    const side = noise ? noise.channelAt(way / noise.length) : channel;
    return observe(side, Object.fromEntries(there) as unknown as ConvexState);
  };
  const along = observedAlong(observedAt, rate, noise);
  const fields = ({ constant, along: L, across, susceptibility }: ConvexState) => ({
    ...{ M: constant, L, s2: across, V: susceptibility },
  });
  const change = fields(moved);
  if (noise) change.s2 += Number(noise.plain);
  const tested = teacher.channel(loss, digits);
  const trainLoss = trainLossTerm((...given) => channel.evaluate(...given), fields(state), change);
  const testLoss = testLossTerm(
    (...given) => tested.evaluate(...given),
    fields(state),
    change,
    loss.curvatureBound === Infinity,
  );
  const closed = !noise || noise.plain;
  const train = closed ? trainLoss.value : along.trainLoss.value;
  const { samples, ridge, levels } = problem;
  const norm = convexSweep(problem, channel, state).readoutNorm;
  const cost =
    (0.5 / samples) * (direction.ridge * norm + ridge * (readoutNorm - (direction.samples / samples) * norm));
  const dQ = moved.across + 2 * state.along * moved.along;
  const { mean, slope } = teacher.labels;
  const [dMean, dSlope, dSquare] = noise ? labelsAlong(noise) : [0, 0, 0];
  const testError =
    dSquare -
    2 * (moved.constant * mean + state.constant * dMean + moved.along * slope + state.along * dSlope) +
    2 * state.constant * moved.constant +
    dQ;
  const differenced = {
    ...{ testClassificationError: along.testClassification.error, trainError: along.trainSquare.error },
    trainClassificationError: along.trainClassification.error,
  };
  const losses = { trainLoss: along.trainLoss.error, objective: along.trainLoss.error, testLoss: along.testLoss.error };
  const rounding = { trainLoss: ROUNDING * trainLoss.size, testLoss: ROUNDING * testLoss.size };
  return {
    numbers: {
      testLoss: closed ? testLoss.value : along.testLoss.value,
      ...{ trainLoss: train, objective: train + cost, testError },
      excessRisk: testError - (noise?.plain ? 1 : 0),
      trainError: along.trainSquare.value,
      testClassificationError: along.testClassification.value,
      trainClassificationError: along.trainClassification.value,
      ...{ V: moved.susceptibility, Q: dQ, m: moved.along * Math.sqrt(teacher.variance), readoutNorm },
      intercept: moved.constant,
    },
    differenced: closed ? differenced : { ...differenced, ...losses },
    rounding: { ...rounding, objective: rounding.trainLoss },
    rate,
    error: levels.eigenvalues.length * Number.EPSILON,
  };
}

/** Change of the logarithms of the state, and of its field beside its spread. */
function rateOf({ susceptibility, across, along, constant }: ConvexState, moved: ConvexState): number {
  const spread = Math.sqrt(across + along * along + constant * constant);
  return Math.max(
    Math.abs(moved.susceptibility) / susceptibility,
    Math.abs(moved.across) / across,
    Math.hypot(moved.along, moved.constant) / spread,
  );
}

/** Of E y, E[yζ] and E y². */
function labelsAlong(noise: NoiseChange): readonly [number, number, number] {
  if (noise.plain) return [0, 0, 1];
  const [mean, slope, square] = lineDerivatives(noise.labelsAt, [AVERAGED, AVERAGED, AVERAGED], noise);
  return [mean!.value, slope!.value, square!.value];
}
