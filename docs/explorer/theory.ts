import {
  baselinesOf,
  type CurveParameters,
  type CurveRow,
  featureModel,
  finiteSizeNotice,
  learnedFunctionOf,
  meanRank,
  type Model,
  type MultiIndexRow,
  type RidgeSolver,
  ridgeSolver,
  type TrainedNetwork,
  trySolveModel,
} from "../../src/index.ts";
import { sweptValue, withSwept } from "../../src/curve/sweep.ts";
import { noticesOf } from "../../src/model/stepHypotheses.ts";
import { isMultiIndex } from "../../src/multiIndex/description.ts";
import { type AxisName, isLogarithmic } from "./fields.ts";
import { CurveSampler } from "./sampler.ts";
import { errorMessage, type ErrorMessage, isExpected } from "./messages.ts";
import {
  alongDirections,
  type AlongDirection,
  type PreparedSeveral,
  prepareSeveral,
  severalNumbers,
  type SeveralNumbers,
  severalRow,
  type Surface,
  surfaceOf,
} from "./steps/several.ts";
import { type Spectra, type Spectrum, spectrumOf } from "./spectrum.ts";
import type { ExplorerModel, Request } from "./state.ts";

export const THEORIES = ["network", "srf"] as const;
export type TheoryName = (typeof THEORIES)[number];

/** A point of a curve, of one step and direction or of several. */
export type ExplorerRow = CurveRow | MultiIndexRow;

/** What a request gives, piece by piece. */
export type TheoryMessage =
  | { readonly kind: "curve"; readonly theory: TheoryName; readonly rows: readonly ExplorerRow[] }
  | { readonly kind: "functions"; readonly functions: LearnedFunctions }
  | { readonly kind: "spectra"; readonly spectra: Spectra }
  | { readonly kind: "noSpectra"; readonly reason: string }
  | { readonly kind: "networkSpectrum"; readonly spectrum: Spectrum }
  | { readonly kind: "noNetworkSpectrum"; readonly reason: string }
  | ErrorMessage;

/** The learned function along every direction of the target, and the numbers at the point where it was learned. */
export interface LearnedFunctions {
  readonly t: readonly number[];
  readonly along: Readonly<Record<TheoryName, readonly AlongDirection[]>>;
  /** On the plane of the first two directions, of the network. */
  readonly surface?: Surface;
  readonly rows: Readonly<Record<TheoryName, ExplorerRow>>;
  /** What is to be said of the network's numbers there. */
  readonly notices: readonly string[];
  /** r, γ and c of the step, or spikes of several steps, of both theories. */
  readonly step: Readonly<Record<TheoryName, StepNumbers | SeveralNumbers>>;
}

export interface StepNumbers {
  readonly spikeStrength: number;
  readonly alignment: number;
  readonly bulkVariance: readonly number[];
}

/** Points of the learned function, θᵀx from −3 to 3. */
const ALONG = Array.from({ length: 101 }, (_, i) => -3 + 0.06 * i);

/** One model and its warm solver. */
type Prepared = PreparedOne | PreparedSeveral;
interface PreparedOne {
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
  readonly rows: Map<number, ExplorerRow>;
}

export function emptyCache(): Cache {
  return { models: new Map(), curves: new Map() };
}

function prepare(model: ExplorerModel, theory: TheoryName, { models }: Cache): Prepared {
  const key = keyOf({ ...model, sampleRatio: 0, widthRatio: 0, ridge: 0 });
  const known = models.get(theory);
  if (known?.key === key) return known.prepared;
  const prepared = isMultiIndex(model) ? prepareSeveral({ ...model, theory }) : prepareOne({ ...model, theory });
  models.set(theory, { key, prepared });
  return prepared;
}

function prepareOne(model: TrainedNetwork): PreparedOne {
  const own = featureModel(model);
  return { own, solver: ridgeSolver(own, { finiteSize: true }) };
}

function keyOf(data: unknown): string {
  return JSON.stringify(data, (_name, value: unknown) => (value === Infinity ? "inf" : value));
}

/** Whether a parameter only moves the point (α, β, λ) of one model. */
const isPoint = (axis: AxisName): boolean => ["sampleRatio", "widthRatio", "ridge"].includes(axis);

function solveRow(prepared: Prepared, model: ExplorerModel, axis: AxisName): ExplorerRow {
  const { sampleRatio, widthRatio, ridge } = model;
  const at: CurveParameters = { [axis]: Number(sweptValue(model, axis) ?? 0), sampleRatio, widthRatio, ridge };
  if (!("own" in prepared)) return severalRow(prepared, at, model);
  const { own, solver } = prepared;
  const result = solver.solve({ sampleRatio, widthRatio, ridge });
  return result.status === "converged"
    ? { ...at, ...result, linearBaseline: baselinesOf(own).linear, meanChannels: meanRank(own, widthRatio) }
    : { ...at, status: result.status, message: result.detail };
}

/** A point of the curve; illegal values of the axis are gaps in it. */
function curvePoint(request: Request, theory: TheoryName, x: number, cache: Cache): ExplorerRow {
  const { axis } = request;
  const model = withSwept(request.model, { [axis]: x }) as ExplorerModel;
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
  const key = keyOf([withSwept(model, { [axis]: 0 }), axis, domain]);
  const known = curves.get(theory);
  if (known?.key === key) return known.curve;
  const curve = { sampler: curveSampler(request, first), rows: new Map<number, ExplorerRow>() };
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
    const along = alongTarget(prepared, model, row.status === "converged");
    return { theory, prepared, row, along };
  });
  const record = <T>(value: (item: (typeof both)[number]) => T) =>
    Object.fromEntries(both.map((item) => [item.theory, value(item)])) as Record<TheoryName, T>;
  const [network] = both;
  const { prepared, row } = network!;
  const inPlane = !("own" in prepared) && prepared.directions > 1 && row.status === "converged";
  return {
    t: ALONG,
    along: record((item) => item.along),
    ...(inPlane && { surface: surfaceOf(prepared, model) }),
    rows: record((item) => item.row),
    notices: noticesAt(model, prepared, row),
    step: record((item) => ("own" in item.prepared ? stepNumbers(item.prepared.own) : severalNumbers(item.prepared))),
  };
}

/** What is to be said of the network's numbers. */
function noticesAt(model: ExplorerModel, prepared: Prepared, row: ExplorerRow): string[] {
  if (!("own" in prepared)) return [...prepared.solver.described.notices];
  return [...noticesOf(model), ...finiteSizeNotice(row)];
}

function alongTarget(prepared: Prepared, model: ExplorerModel, solved: boolean): readonly AlongDirection[] {
  if (!("own" in prepared)) return alongDirections(prepared, model, ALONG, solved);
  const { own } = prepared;
  const target = ALONG.map(own.labels.target.value);
  return [{ target, learned: solved ? learnedFunctionOf(own, model).alongTarget(ALONG) : undefined }];
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
    const first = prepare(request.model, "srf", cache);
    if ("own" in first) trySolveModel(first.own, request.model);
    else first.solver.solve(request.model);
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
  if (isMultiIndex(model)) {
    yield { kind: "noSpectra", reason: "" };
    return;
  }
  const own = model as TrainedNetwork;
  try {
    if (cache.spectra?.key !== key) {
      const known = cache.spectra?.keyWithoutStep === keyWithoutStep ? cache.spectra.spectra.noStep : undefined;
      const noStep = known ?? spectrumOf({ ...own, theory: "srf", learningRate: 0 });
      cache.spectra = { key, keyWithoutStep, spectra: { srf: spectrumOf({ ...own, theory: "srf" }), noStep } };
    }
    yield { kind: "spectra", spectra: cache.spectra.spectra };
  } catch (error) {
    yield { kind: "noSpectra", reason: reasonOf(error) };
  }
}

/** The spectrum of the trained network's features, which takes longest. */
export function* exploreNetworkSpectrum({ model }: Request, cache: Cache): Generator<TheoryMessage | undefined> {
  const key = spectrumKey(model);
  if (isMultiIndex(model)) return;
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
