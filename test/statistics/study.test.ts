import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { allowed, type StatisticsResult, statisticsRows } from "../../docs/studies/statistics.rows.mjs";
import { statistics } from "../../src/index.ts";

/** Pairs of simulated networks by numpy; how they were made is in docs/studies. */
const file = readFileSync(new URL("../../docs/studies/statistics.json", import.meta.url), "utf8");
const { table, tripleDescent } = JSON.parse(file) as Record<"table" | "tripleDescent", readonly StatisticsResult[]>;

describe("pairs of simulated networks", () => {
  it.each([
    ["table", table, 99],
    ["triple descent", tripleDescent, 132],
  ] as const)("%s: theory within three standard errors and O(1/d)", (_, results, count) => {
    let compared = 0;
    for (const { description, dimension, values } of statisticsRows(results, statistics)) {
      for (const value of values) {
        const difference = Math.abs(value.simulated - value.theory);
        expect(difference, `${value.name} of ${JSON.stringify(description)}`).toBeLessThan(allowed(value, dimension));
        compared++;
      }
    }
    expect(compared).toBe(count);
  });
});
