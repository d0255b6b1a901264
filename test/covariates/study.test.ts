import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import type { CovariateDescription } from "../../src/covariates/description.ts";
import { solve } from "../../src/curve/solve.ts";

interface StudyResult {
  readonly name: string;
  readonly description: CovariateDescription;
  readonly dimension: number;
  readonly quantity: string;
  readonly simulated: readonly [number, number];
}

const file = (name: string) => readFileSync(new URL(`../../docs/${name}`, import.meta.url), "utf8");
/** Simulated fits, 50 trials each; how they were made is in docs/studies. */
const results = JSON.parse(file("studies/covariates.json")) as readonly StudyResult[];
const page = file("models/covariates.md");

test.each(results.map((result) => [result.name, result] as const))(
  "theory of covariates against simulated fits: %s",
  (name, { description, dimension, quantity, simulated: [mean, standardError] }) => {
    const theory = (solve(description) as unknown as Record<string, number>)[quantity]!;
    expect(Math.abs(mean - theory)).toBeLessThan(3 * standardError + 0.02 * (1000 / dimension) * theory);
    // And the page says so.
    const cells = [name, dimension, quantity, theory.toFixed(4), `${mean.toFixed(4)} ± ${standardError.toFixed(4)}`];
    const row = page.split("\n").find((line) => line.startsWith(`| ${name} `));
    const parts = row?.split("|").map((cell) => cell.trim());
    expect(parts?.slice(1, -2)).toEqual(cells.map(String));
  },
);
