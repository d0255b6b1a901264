import { resolveLoss } from "../loss/lossInput.ts";
import { canonicalJson } from "./canonical.ts";
import { PAIR_NUMBERS } from "./pairMembers.ts";
import type { BackendName } from "./linearAlgebra.ts";
import {
  damaged,
  formatLine,
  parseLines,
  type RecordHead,
  runCheck,
  type Stored,
  type StoredLine,
  storedTrials,
} from "./records.ts";
import type { SimulationSpecification } from "./specification.ts";
import type { TrialPoint, TrialResult } from "./trial.ts";

const SIZES = ["m", "Q2"] as const;
const CHANNELS = ["theta", "psi", "nu"] as const;
const LOSSES = ["testLoss", "trainLoss", "optimalityGap"] as const;
const MARGINS = ["testClassificationError", "trainClassificationError"] as const;

/** One line of a JSON Lines file of trials; every line says by itself what it is. */
export interface TrialRecord extends RecordHead, TrialResult {}
/** What a text of records holds. */
export type StoredTrials = Stored<TrialResult>;

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
  return formatLine(specification, backend, result);
}

/**
 * Complete lines of a JSON Lines text of trials, of whatever run.
 *
 * @throws TrialRecordError if one is no trial.
 */
export function trialLines(text: string): StoredLine<TrialRecord>[] {
  return parseLines<TrialRecord>(text, ({ points }) => Array.isArray(points));
}

/** A check that a line is a trial of the specification: it throws a TrialRecordError that says what differs. */
export function recordCheck(specification: SimulationSpecification): (line: StoredLine<TrialRecord>) => void {
  const [isOfRun, hasPoints] = [runCheck(specification), pointsCheck(specification)];
  return (line) => {
    isOfRun(line);
    if (!hasPoints(line.record.points)) throw damaged(line.number);
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
  signs,
  statistics,
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
    lossNames.every((name) => isNumber(point?.losses?.[name])) &&
    (signs === undefined || loss !== undefined || isNumber(point?.classificationError)) &&
    (point?.statistics === undefined) === (statistics === undefined) &&
    (statistics === undefined || PAIR_NUMBERS.every((name) => isNumber(point?.statistics?.[name])));
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
  return storedTrials(text, trialLines(text), recordCheck(specification), ({ trial, points }) => ({ trial, points }));
}
