import { resolveLoss } from "../loss/lossInput.ts";
import { version } from "../version.ts";
import { canonicalJson } from "./canonical.ts";
import type { BackendName } from "./linearAlgebra.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialPoint, TrialResult } from "./trial.ts";

const SIZES = ["m", "Q2"] as const;
const CHANNELS = ["theta", "psi", "nu"] as const;
const LOSSES = ["testLoss", "trainLoss", "optimalityGap"] as const;
const MARGINS = ["testClassificationError", "trainClassificationError"] as const;

/** A line that is no trial, or a trial of something else. */
export class TrialRecordError extends Error {
  override readonly name = "TrialRecordError";
}

/** One line of a JSON Lines file of trials; every line says by itself what it is. */
export interface TrialRecord extends TrialResult {
  readonly version: string;
  /** The specification without its seed. */
  readonly parameters: Omit<SimulationSpecification, "seed">;
  readonly seed: number;
  readonly backend: BackendName;
}

/**
 * The line of a trial, with its line end: canonical JSON, the same bytes for the same trial.
 *
 * @example
 * ```ts
 * import { formatRecord, specify } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * console.log(formatRecord(specification, "wasm", { trial: 0, points: [] }).slice(0, 17)); // {"backend":"wasm"
 * ```
 */
export function formatRecord(
  specification: SimulationSpecification,
  backend: BackendName,
  result: TrialResult,
): string {
  const { seed, ...parameters } = specification;
  const record: TrialRecord = { version, parameters, seed, backend, ...result };
  return `${canonicalJson(record)}\n`;
}

/** What a text of records holds. */
export interface StoredTrials {
  readonly trials: ReadonlyMap<number, TrialResult>;
  /** Bytes of its complete lines; what follows is a line torn by a crash. */
  readonly completeBytes: number;
}

/** A complete line of records. */
export interface StoredLine {
  /** From 1. */
  readonly number: number;
  readonly text: string;
  readonly record: TrialRecord;
}

/**
 * Complete lines of a JSON Lines text of trials, of whatever run.
 *
 * @throws TrialRecordError if one is no trial.
 */
export function parseLines(text: string): StoredLine[] {
  const lines = completeLines(text).split("\n").slice(0, -1);
  return lines.map((line, index) => {
    return { number: index + 1, text: line, record: parseRecord(line, index + 1) };
  });
}

function completeLines(text: string): string {
  return text.slice(0, text.lastIndexOf("\n") + 1);
}

/** A check that a line is a trial of the specification: it throws a TrialRecordError that says what differs. */
export function recordCheck(specification: SimulationSpecification): (line: StoredLine) => void {
  const expected = identity({ version, ...split(specification) });
  const hasPoints = pointsCheck(specification);
  return ({ number, record }) => {
    const difference = differs(identityOf(record, number), expected);
    if (difference !== undefined) {
      throw new TrialRecordError(`line ${number} is a trial of another ${difference}; use another file`);
    }
    if (!hasPoints(record.points)) throw new TrialRecordError(`line ${number} is damaged: its results are not whole`);
  };
}

/** Whether results are the finite numbers of every α, λ and group. */
function pointsCheck({
  sampleRatios,
  ridges,
  groups,
  loss,
  inputs,
  weights,
}: SimulationSpecification): (points: unknown) => boolean {
  const places = sampleRatios.flatMap((sampleRatio) => ridges.map((ridge) => ({ sampleRatio, ridge })));
  const lossNames = loss === undefined ? [] : resolveLoss(loss).kind === "margin" ? [...LOSSES, ...MARGINS] : LOSSES;
  const channels = inputs === undefined ? groups.values.length : 0;
  const isNumber = (value: unknown): boolean => Number.isFinite(value);
  const areNumbers = (value: unknown, count = channels): boolean =>
    Array.isArray(value) && value.length === count && value.every(isNumber);
  const several = weights.kind === "directions" ? weights.theta.length : undefined;
  const areRows = (value: unknown, width: number): boolean =>
    Array.isArray(value) && value.length === channels && value.every((row) => areNumbers(row, width));
  const areOverlaps = (overlaps: Partial<TrialPoint["overlaps"]> | undefined): boolean =>
    SIZES.every((name) => areNumbers(overlaps?.[name])) &&
    CHANNELS.every((name) => areNumbers(overlaps?.[name], several === undefined ? channels : 0)) &&
    (several === undefined ? overlaps?.alongTarget === undefined : areRows(overlaps?.alongTarget, several));
  const isWhole = (point: Partial<TrialPoint> | null | undefined): boolean =>
    [point?.testError, point?.trainError, point?.objective].every(isNumber) &&
    areOverlaps(point?.overlaps) &&
    (point?.losses === undefined) === (loss === undefined) &&
    lossNames.every((name) => isNumber(point?.losses?.[name]));
  return (points) =>
    Array.isArray(points) &&
    points.length === places.length &&
    places.every(({ sampleRatio, ridge }, i) => {
      const point = points[i] as Partial<TrialPoint> | null;
      return point?.sampleRatio === sampleRatio && point.ridge === ridge && isWhole(point);
    });
}

/** Whether two records of a trial say the same. */
export function haveEqualResults(a: TrialResult, b: TrialResult): boolean {
  return canonicalJson([a.trial, a.points]) === canonicalJson([b.trial, b.points]);
}

/**
 * Reads the trials of a JSON Lines text and checks that they belong to the specification; a last line without its end is left out.
 *
 * @throws TrialRecordError if a complete line is no trial, or is one of other parameters, another seed or another version, or
 *   contradicts an earlier line, or whose results are not whole.
 *
 * @example
 * ```ts
 * import { createTrialRunner, formatRecord, parseTrials, specify, wasmAlgebra } from "replica-theory/simulation";
 * const model = { model: "randomFeatures", student: "tanh", target: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 };
 * const specification = specify(model, { dimension: 20, testSamples: 50, seed: 1 });
 * const { run } = await createTrialRunner(specification, wasmAlgebra);
 * const lines = [0, 1, 2].map((trial) => formatRecord(specification, "wasm", run(trial))).join("");
 * console.log(parseTrials(lines.slice(0, -9), specification).trials.size); // 2
 * ```
 */
export function parseTrials(text: string, specification: SimulationSpecification): StoredTrials {
  const check = recordCheck(specification);
  const trials = new Map<number, TrialResult>();
  for (const line of parseLines(text)) {
    check(line);
    const { trial, points } = line.record;
    const known = trials.get(trial);
    if (known && !haveEqualResults(known, line.record)) {
      throw new TrialRecordError(`line ${line.number} repeats trial ${trial} with other results`);
    }
    trials.set(trial, { trial, points });
  }
  return { trials, completeBytes: new TextEncoder().encode(completeLines(text)).length };
}

type Identity = Readonly<Record<"version" | "parameters" | "seed", string>>;

function split({ seed, ...parameters }: SimulationSpecification): Pick<TrialRecord, "seed" | "parameters"> {
  return { seed, parameters };
}

function identity(record: Pick<TrialRecord, "version" | "parameters" | "seed">): Identity {
  return {
    version: record.version,
    parameters: canonicalJson(record.parameters),
    seed: String(record.seed),
  };
}

/** Parameters can be data that is nested too deeply to be written. */
function identityOf(record: TrialRecord, number: number): Identity {
  try {
    return identity(record);
  } catch {
    throw new TrialRecordError(`line ${number} is not a trial: its parameters cannot be read`);
  }
}

function differs(found: Identity, expected: Identity): string | undefined {
  const names = { version: "library version", parameters: "set of parameters", seed: "seed" } as const;
  for (const [key, words] of Object.entries(names)) {
    const name = key as keyof Identity;
    if (found[name] !== expected[name]) return `${words} (${found[name]} instead of ${expected[name]})`;
  }
  return undefined;
}

function parseRecord(line: string, number: number): TrialRecord {
  let record: Partial<TrialRecord> | undefined;
  try {
    record = JSON.parse(line) as Partial<TrialRecord>;
  } catch {
    record = undefined;
  }
  const whole =
    typeof record?.version === "string" &&
    typeof record.parameters === "object" &&
    (record.parameters as unknown) !== null &&
    typeof record.seed === "number" &&
    Number.isSafeInteger(record.trial) &&
    record.trial! >= 0 &&
    Array.isArray(record.points);
  if (!whole) throw new TrialRecordError(`line ${number} is not a trial: ${line.slice(0, 80)}`);
  return record as TrialRecord;
}
