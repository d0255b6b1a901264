import {
  baselinesOf,
  type CurveParameters,
  type CurveRow,
  featureModel,
  finiteSizeNotice,
  learnedFunctionOf,
  meanRank,
  type Model,
  type RidgeSolver,
  ridgeSolver,
  type TrainedNetwork,
  trySolveModel,
} from "../../src/index.ts";
import { noticesOf } from "../../src/model/stepHypotheses.ts";
import { type AxisName, isLogarithmic } from "./fields.ts";
import { CurveSampler } from "./sampler.ts";
import { errorMessage, type ErrorMessage, isExpected } from "./messages.ts";
import { type Spectra, type Spectrum, spectrumOf } from "./spectrum.ts";
import type { ExplorerModel, Request } from "./state.ts";

export const THEORIES = ["network", "srf"] as const;
export type TheoryName = (typeof THEORIES)[number];

/** What a request gives, piece by piece. */
export type TheoryMessage =
  | { readonly kind: "curve"; readonly theory: TheoryName; readonly rows: readonly CurveRow[] }
  | { readonly kind: "functions"; readonly functions: LearnedFunctions }
  | { readonly kind: "spectra"; readonly spectra: Spectra }
  | { readonly kind: "noSpectra"; readonly reason: string }
  | { readonly kind: "networkSpectrum"; readonly spectrum: Spectrum }
  | { readonly kind: "noNetworkSpectrum"; readonly reason: string }
  | ErrorMessage;

/** The learned function along the target, and the numbers at the point where it was learned. */
export interface LearnedFunctions {
  readonly t: readonly number[];
  readonly target: readonly number[];
  readonly learned: Readonly<Record<TheoryName, readonly number[] | undefined>>;
  readonly rows: Readonly<Record<TheoryName, CurveRow>>;
  /** What is to be said of the network's numbers there. */
  readonly notices: readonly string[];
  /** r, γ and c of the step, of both theories. */
  readonly step: Readonly<Record<TheoryName, StepNumbers>>;
}

export interface StepNumbers {
  readonly spikeStrength: number;
  readonly alignment: number;
  readonly bulkVariance: readonly number[];
}

/** Points of the learned function, θᵀx from −3 to 3. */
const ALONG = Array.from({ length: 101 }, (_, i) => -3 + 0.06 * i);

/** One model and its warm solver. */
interface Prepared {
  readonly own: Model;
  readonly solver: RidgeSolver;
}

/** Remembers the last model and curve of each theory: what a change leaves as it was is not computed again. */
export interface Cache {
  readonly models: Map<TheoryName, { readonly key: string; readonly prepared: Prepared }>;
  readonly curves: Map<TheoryName, { readonly key: string; readonly curve: Curve }>;
  spectra?: { readonly key: string; readonly keyWithoutStep: string; readonly spectra: Spectra };
  networkSpectrum?: { readonly key: string; readonly spectrum: Spectrum };
}

/** A curve so far. */
interface Curve {
  readonly sampler: CurveSampler;
  readonly rows: Map<number, CurveRow>;
}

export function emptyCache(): Cache {
  return { models: new Map(), curves: new Map() };
}

function prepare(model: TrainedNetwork, theory: TheoryName, { models }: Cache): Prepared {
  const key = keyOf({ ...model, sampleRatio: 0, widthRatio: 0, ridge: 0 });
  const known = models.get(theory);
  if (known?.key === key) return known.prepared;
  const own = featureModel({ ...model, theory });
  const prepared = { own, solver: ridgeSolver(own, { finiteSize: true }) };
  models.set(theory, { key, prepared });
  return prepared;
}

function keyOf(data: unknown): string {
  return JSON.stringify(data, (_name, value: unknown) => (value === Infinity ? "inf" : value));
}

/** Whether a parameter only moves the point (α, β, λ) of one model. */
const isPoint = (axis: AxisName): boolean => ["sampleRatio", "widthRatio", "ridge"].includes(axis);

function solveRow({ own, solver }: Prepared, model: TrainedNetwork, axis: AxisName): CurveRow {
  const { sampleRatio, widthRatio, ridge } = model;
  const at = { [axis]: model[axis], sampleRatio, widthRatio, ridge };
  const result = solver.solve({ sampleRatio, widthRatio, ridge });
  return result.status === "converged"
    ? { ...at, ...result, linearBaseline: baselinesOf(own).linear, meanChannels: meanRank(own, widthRatio) }
    : { ...at, status: result.status, message: result.detail };
}

/** A point of the curve; illegal values of the axis are gaps in it. */
function curvePoint(request: Request, theory: TheoryName, x: number, cache: Cache): CurveRow {
  const { axis } = request;
  const model = { ...request.model, [axis]: x };
  try {
    return solveRow(prepare(model, theory, isPoint(axis) ? cache : emptyCache()), model, axis);
  } catch (error) {
    if (!isExpected(error)) throw error;
    const at: CurveParameters = { [axis]: x };
    return { ...at, status: "error", message: error.message };
  }
}

function curveSampler({ model, axis, domain }: Request, first: number): CurveSampler {
  const rival = { sampleRatio: model.widthRatio, widthRatio: model.sampleRatio };
  const peak = axis === "sampleRatio" || axis === "widthRatio" ? [rival[axis]] : [];
  return new CurveSampler(domain, isLogarithmic(axis), { first, most: 90 }, peak);
}

/** The curve of a request, as far as it was computed before. */
function curveOf(request: Request, theory: TheoryName, first: number, { curves }: Cache): Curve {
  const { model, axis, domain } = request;
  const key = keyOf([{ ...model, [axis]: 0 }, axis, domain]);
  const known = curves.get(theory);
  if (known?.key === key) return known.curve;
  const curve = { sampler: curveSampler(request, first), rows: new Map<number, CurveRow>() };
  curves.set(theory, { key, curve });
  return curve;
}

/** A curve that grows; each step solves one point. */
function* growingCurve(request: Request, theory: TheoryName, first: number, cache: Cache) {
  const { sampler, rows } = curveOf(request, theory, first, cache);
  const message = (): TheoryMessage => {
    return { kind: "curve", theory, rows: sampler.samples.map(({ x }) => rows.get(x)!) };
  };
  if (sampler.started) yield message();
  for (let x = sampler.next(); x !== undefined; x = sampler.next()) {
    const row = curvePoint(request, theory, x, cache);
    rows.set(x, row);
    sampler.add(row.status === "converged" ? { x, values: [row.testError, row.trainError] } : { x });
    yield sampler.started ? message() : undefined;
  }
}

function learnedFunctions({ model, axis }: Request, cache: Cache): LearnedFunctions {
  const both = THEORIES.map((theory) => {
    const prepared = prepare(model, theory, cache);
    const row = solveRow(prepared, model, axis);
    const solved = row.status === "converged" ? learnedFunctionOf(prepared.own, model) : undefined;
    return { theory, row, solved, own: prepared.own };
  });
  const { target } = both[0]!.own.labels;
  const record = <T>(value: (item: (typeof both)[number]) => T) =>
    Object.fromEntries(both.map((item) => [item.theory, value(item)])) as Record<TheoryName, T>;
  return {
    t: ALONG,
    target: ALONG.map(target.value),
    learned: record(({ solved }) => solved?.alongTarget(ALONG)),
    rows: record(({ row }) => row),
    notices: [
      ...noticesOf(model),
      ...both.flatMap(({ theory, row }) => (theory === "network" ? finiteSizeNotice(row) : [])),
    ],
    step: record(({ own }) => stepNumbers(own)),
  };
}

function stepNumbers({ alignment, derived, problem }: Model): StepNumbers {
  return {
    spikeStrength: derived?.spikeStrength ?? 0,
    alignment,
    bulkVariance: problem.groups.map(({ bulkVariance }) => bulkVariance),
  };
}

/**
 * Everything a request asks for, the first picture first. Yields a message where there is something new to show, and
 * nothing where it may be interrupted.
 */
export function* explore(request: Request, cache: Cache): Generator<TheoryMessage | undefined> {
  try {
    // Illegal input is found before anything is shown.
    trySolveModel(prepare(request.model, "srf", cache).own, request.model);
    const curves = [growingCurve(request, "srf", 17, cache), growingCurve(request, "network", 9, cache)];
    for (const curve of curves) yield* untilShown(curve);
    yield { kind: "functions", functions: learnedFunctions(request, cache) };
    yield* alternate(curves);
  } catch (error) {
    yield errorMessage(error);
  }
}

/** What a spectrum depends on. */
export function spectrumKey(model: ExplorerModel): string {
  return keyOf({ ...model, ridge: 0 });
}

/** The spectra of the surrogate and without a step, which take longer than a curve: in one piece. */
export function* exploreSpectra({ model }: Request, cache: Cache): Generator<TheoryMessage | undefined> {
  const key = spectrumKey(model);
  const keyWithoutStep = keyOf({ student: model.student, alpha: model.sampleRatio, beta: model.widthRatio });
  try {
    if (cache.spectra?.key !== key) {
      const known = cache.spectra?.keyWithoutStep === keyWithoutStep ? cache.spectra.spectra.noStep : undefined;
      const noStep = known ?? spectrumOf({ ...model, theory: "srf", learningRate: 0 });
      cache.spectra = { key, keyWithoutStep, spectra: { srf: spectrumOf({ ...model, theory: "srf" }), noStep } };
    }
    yield { kind: "spectra", spectra: cache.spectra.spectra };
  } catch (error) {
    yield { kind: "noSpectra", reason: reasonOf(error) };
  }
}

/** The spectrum of the trained network's features, which takes longest. */
export function* exploreNetworkSpectrum({ model }: Request, cache: Cache): Generator<TheoryMessage | undefined> {
  const key = spectrumKey(model);
  try {
    if (cache.networkSpectrum?.key !== key) cache.networkSpectrum = { key, spectrum: spectrumOf(model) };
    yield { kind: "networkSpectrum", spectrum: cache.networkSpectrum.spectrum };
  } catch (error) {
    yield { kind: "noNetworkSpectrum", reason: reasonOf(error) };
  }
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function* untilShown(curve: Iterator<TheoryMessage | undefined>) {
  for (let step = curve.next(); step.done !== true; step = curve.next()) {
    yield step.value;
    if (step.value) return;
  }
}

function* alternate(curves: readonly Iterator<TheoryMessage | undefined>[]) {
  let open = [...curves];
  while (open.length > 0) {
    const ended: typeof open = [];
    for (const curve of open) {
      const step = curve.next();
      if (step.done === true) ended.push(curve);
      else yield step.value;
    }
    open = open.filter((curve) => !ended.includes(curve));
  }
}
