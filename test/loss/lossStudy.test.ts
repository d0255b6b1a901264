import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { cells, type Quantity, type StudyResult, studyRows } from "../../docs/studies/convexLosses.rows.mjs";
import { solve } from "../../src/solve/solve.ts";

/** Simulated readouts, 20 trials each at d = 1000; how they were made is in docs/studies. */
const text = (path: string) => readFileSync(new URL(`../../docs/${path}`, import.meta.url), "utf8");
const rows = studyRows(JSON.parse(text("studies/convexLosses.json")) as StudyResult[], solve);
const named = rows.map((row) => [JSON.stringify({ ...row.description, ridge: row.ridge }), row] as const);

// Errors of separable data in training are too rare to be seen.
const UNSEEN = 1e-6;

describe("readouts of convex losses against simulated networks", () => {
  it.each(named)("%s: within 3 standard errors plus 2 %%", (_, { values }) => {
    for (const pairs of Object.values(values)) {
      for (const [theory, [mean, standardError]] of pairs) {
        expect(Math.abs(mean - theory)).toBeLessThan(3 * standardError + 0.02 * theory + UNSEEN);
      }
    }
  });

  const page = text("guide/validation.md").replaceAll(/ +/g, " ");
  const tables: Quantity[][] = [
    ["main", "testLoss"],
    ["objective", "Q2"],
  ];
  it.each(named)("%s: the page says what theory says", (_, row) => {
    for (const names of tables) expect(page).toContain(`| ${cells(row, names).join(" | ")} |`);
  });
});
