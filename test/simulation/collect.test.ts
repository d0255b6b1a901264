import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  collectTrials,
  validateTrialCount,
  type Collection,
  type SimulationProgress,
} from "../../src/simulation/collect.ts";
import { standardErrorOf } from "../../src/simulation/statistics.ts";
import type { TrialResult } from "../../src/simulation/trial.ts";

const overlaps = { m: [0], theta: [0], psi: [0], nu: [0], Q2: [0] };
const testError = (trial: number): number => 1 + Math.sin(78.233 * trial * trial + 1);
const result = (trial: number): TrialResult => ({
  trial,
  points: [{ sampleRatio: 1, ridge: 1, testError: testError(trial), trainError: 0, objective: 0, overlaps }],
});

/** Trials that end in an order of their own, as threads do. */
async function shuffled(trial: number): Promise<TrialResult> {
  for (let i = 0; i < (trial * 7) % 5; i++) await Promise.resolve();
  return result(trial);
}

const base = {
  runTrial: shuffled,
  known: new Map<number, TrialResult>(),
  trials: 9,
  concurrency: 3,
} satisfies Collection;

describe("laws: collecting trials", () => {
  it("every trial once, in the order of their indices, known ones not again", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 30 }),
        fc.integer({ min: 1, max: 8 }),
        fc.uniqueArray(fc.integer({ min: 0, max: 40 })),
        async (trials, concurrency, indices) => {
          const started: number[] = [];
          const known = new Map(indices.map((trial) => [trial, result(trial)]));
          const runTrial = (trial: number): Promise<TrialResult> => {
            started.push(trial);
            return shuffled(trial);
          };
          const collected = await collectTrials({ ...base, trials, concurrency, known, runTrial });
          expect(collected.map(({ trial }) => trial)).toEqual(Array.from({ length: trials }, (_, i) => i));
          const missing = collected.map(({ trial }) => trial).filter((trial) => !known.has(trial));
          expect(started).toEqual(missing);
        },
      ),
    );
  });

  it("an adaptive run ends at the first number of trials that is precise enough, for any concurrency", async () => {
    const adaptive = { ...base, trials: 3, standardError: 0.12, maximalTrials: 200 };
    let first = 3;
    const errors = (count: number): number[] => Array.from({ length: count }, (_, trial) => testError(trial));
    while (standardErrorOf(errors(first)) > 0.12) first++;
    for (const concurrency of [1, 2, 7]) {
      expect(await collectTrials({ ...adaptive, concurrency })).toHaveLength(first);
    }
    expect(first).toBeGreaterThan(10);
    expect(await collectTrials({ ...adaptive, maximalTrials: 8 })).toHaveLength(8);
  });

  it("never has more in flight than it may", async () => {
    let [flying, most] = [0, 0];
    const runTrial = async (trial: number): Promise<TrialResult> => {
      most = Math.max(most, ++flying);
      const done = await shuffled(trial);
      flying--;
      return done;
    };
    await collectTrials({ ...base, runTrial, trials: 40 });
    expect(most).toBe(3);
  });

  it("progress goes from nothing to all", async () => {
    const seen: SimulationProgress[] = [];
    await collectTrials({ ...base, known: new Map([[4, result(4)]]), onProgress: (progress) => seen.push(progress) });
    expect(seen.map(({ completed }) => completed)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(seen.every(({ total }) => total === 9)).toBe(true);
    expect(seen[0]!.remainingSeconds).toBeNaN();
    expect(seen.at(-1)!.remainingSeconds).toBe(0);
    expect(seen.at(-1)!.trialsPerSecond).toBeGreaterThan(0);
  });

  it("after a failure nothing new is started, and what ran is waited for", async () => {
    let ended = 0;
    const started: number[] = [];
    const runTrial = async (trial: number): Promise<TrialResult> => {
      started.push(trial);
      if (trial === 4) throw new Error("trial 4 failed");
      const done = await shuffled(trial);
      ended++;
      return done;
    };
    await expect(collectTrials({ ...base, runTrial, trials: 100 })).rejects.toThrow("trial 4 failed");
    expect(ended).toBe(started.length - 1);
    expect(started.length).toBeLessThan(10);
  });

  it("an aborted signal starts nothing", async () => {
    let started = 0;
    const runTrial = (trial: number): Promise<TrialResult> => {
      started++;
      return shuffled(trial);
    };
    await expect(collectTrials({ ...base, runTrial, signal: AbortSignal.abort(new Error("no")) })).rejects.toThrow(
      "no",
    );
    expect(started).toBe(0);
  });

  it.each([
    [{ trials: 0 }, /^trials = 0 /],
    [{ trials: 1.5 }, /^trials = 1.5 /],
    [{ trials: 1, standardError: 0 }, /^standardError = 0 /],
    [{ trials: 1, standardError: NaN }, /^standardError = NaN /],
    [{ trials: 1, maximalTrials: 0 }, /^maximalTrials = 0 /],
  ])("%o is refused", (count, message) => {
    expect(() => {
      validateTrialCount(count);
    }).toThrow(message);
  });
});
