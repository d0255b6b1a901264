import { setTimeout as delay } from "node:timers/promises";
import { z } from "zod";
import { formatRecord, type TrialRecord } from "../simulation/trialRecord.ts";
import type { SimulationPoint } from "../simulation/summary.ts";
import type { TrialResult } from "../simulation/trial.ts";
import { type Connection, fullReason, isFull, QueueError } from "./connection.ts";
import { resultsKey } from "./names.ts";
import type { TrialJob } from "./payload.ts";

const secondsBetweenAttempts = 1;

/**
 * Stores the result of a trial unless it has one: the first of several workers is the only writer. A full server is waited
 * out, with the result kept here.
 *
 * @throws QueueError if the signal is aborted while the server is full; the trial will be run again.
 */
export async function storeResult(
  { client, shown }: Connection,
  { run, specification, backend, trial }: TrialJob,
  result: TrialResult,
  { log, signal }: { readonly log: (line: string) => void; readonly signal: AbortSignal },
): Promise<void> {
  const line = formatRecord(specification, backend, result).trimEnd();
  for (let attempt = 0; ; attempt++) {
    try {
      await client.hsetnx(resultsKey(run), String(trial), line);
      return;
    } catch (error) {
      if (!isFull(error)) throw error;
      if (signal.aborted) throw new QueueError(shown, `the result of trial ${trial} is given up: ${fullReason}`);
      if (attempt % 30 === 0) log(`queue ${shown}: trial ${trial} is kept here until there is room: ${fullReason}`);
      await delay(secondsBetweenAttempts * 1000);
    }
  }
}

/** Whether a trial has its result. */
export async function hasResult({ client }: Connection, { run, trial }: TrialJob): Promise<boolean> {
  return (await client.hexists(resultsKey(run), String(trial))) === 1;
}

const pageSize = 1000;

/**
 * Results of trials 0 … count − 1.
 *
 * @throws QueueError that names the trials without one.
 */
export async function readResults({ client, shown }: Connection, run: string, count: number): Promise<TrialResult[]> {
  const results: TrialResult[] = [];
  const missing: number[] = [];
  for (let start = 0; start < count; start += pageSize) {
    const trials = Array.from({ length: Math.min(pageSize, count - start) }, (_, i) => start + i);
    const lines = await client.hmget(resultsKey(run), ...trials.map(String));
    lines.forEach((line, index) => {
      if (line === null) missing.push(trials[index]!);
      else {
        const { trial, points } = JSON.parse(line) as TrialRecord;
        results.push({ trial, points });
      }
    });
  }
  if (missing.length > 0) {
    throw new QueueError(
      shown,
      `${missing.length} of ${count} trials have no result: ${missing.slice(0, 20).join(", ")}`,
    );
  }
  return results;
}

/** JSON has no NaN: standard errors of a single trial. */
const number = z
  .number()
  .nullable()
  .transform((value) => value ?? NaN);
const estimate = z.strictObject({ mean: number, standardError: number, interval: z.tuple([number, number]) });
const pointsSchema = z.array(
  z.looseObject({
    sampleRatio: z.number(),
    ridge: z.number(),
    testError: estimate,
    trainError: estimate,
    objective: estimate,
    losses: z.record(z.string(), estimate).exactOptional(),
    overlaps: z.record(z.string(), z.array(z.union([estimate, z.array(estimate)]))),
  }),
);

/** The summary that the job of a run returned. */
export function readSummary(returned: unknown): readonly SimulationPoint[] {
  return pointsSchema.parse(returned) as unknown as readonly SimulationPoint[];
}
