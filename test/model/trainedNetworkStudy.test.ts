import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { TrainedNetwork } from "../../src/model/description.ts";
import { solve } from "../../src/solve/solve.ts";

interface StudyResult {
  readonly description: TrainedNetwork;
  readonly dimension: number;
  readonly points: readonly { readonly sampleRatio: number; readonly testError: readonly [number, number] }[];
}

/** Simulated networks, 20 trials each; how they were made is in docs/studies. */
const results = JSON.parse(
  readFileSync(new URL("../../docs/studies/trainedNetwork.json", import.meta.url), "utf8"),
) as readonly StudyResult[];

describe("theory of the trained network against simulated networks", () => {
  it.each(results.map((result) => [JSON.stringify(result.description), result.dimension, result] as const))(
    "%s at d = %i: within 3 standard errors plus 2 %% · 1000/d",
    (_, dimension, { description, points }) => {
      for (const { sampleRatio, testError } of points) {
        const theory = solve({ ...description, sampleRatio }).testError;
        const [mean, standardError] = testError;
        expect(Math.abs(mean - theory)).toBeLessThan(3 * standardError + 0.02 * (1000 / dimension) * theory);
      }
    },
  );
});
