import { covariatesRow, saddleRow, stepsRow, transportRow } from "./audit/reachRows.ts";
import { optimaRow } from "./audit/optima.ts";
import { afterAll, describe, expect, it } from "vitest";
import {
  type AuditRow,
  closedFormRow,
  derivativeRow,
  limitOf,
  merged,
  ratesRow,
  spectrumRow,
  spikedRow,
  tableOf,
} from "./audit/table.ts";

const rows: Record<string, AuditRow[]> = {};
const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

afterAll(() => {
  console.log(tableOf(Object.fromEntries(Object.entries(rows).map(([name, parts]) => [name, merged(parts)]))));
});

/** λ from 1e-14 to 1e6, α and β from 1e-3 to 1e3, r up to 50, K up to 8. */
describe("accuracy audit", () => {
  const parts: [string, number, number, (part: readonly number[]) => AuditRow][] = [
    ...seeds(0, 10).map((i): (typeof parts)[number] => ["theory §4 as written", 100 * i, 100, spikedRow]),
    ["small and intermediate rates", 0, 300, ratesRow],
    ["derivative by λ, trained networks", 0, 300, derivativeRow],
    ["Marchenko–Pastur spectra", 0, 300, spectrumRow],
    ["Mei and Montanari", 0, 1000, (part) => closedFormRow("Mei and Montanari", part)],
    ["Gaussian covariates", 0, 1000, covariatesRow],
    ["learning curves from data", 0, 300, transportRow],
    ["saddle points", 0, 300, saddleRow],
    ["several steps", 0, 30, stepsRow],
    ["best ridge, samples of covariates", 0, 120, (part) => optimaRow("covariates", part)],
    ["best ridge, α, β of random features", 0, 80, (part) => optimaRow("features", part)],
    ["best ridge and another, with a spike", 0, 10, (part) => optimaRow("spiked", part)],
    ["best ridge of networks", 0, 20, (part) => optimaRow("network", part)],
    ["best ridge of other losses", 0, 12, (part) => optimaRow("losses", part)],
    ["linear, ridgeless", 0, 1000, (part) => closedFormRow("linear, ridgeless", part)],
  ];
  it.each(parts)("%s, from case %d", (name, from, count, run) => {
    const row = run(seeds(from, count));
    (rows[name] ??= []).push(row);
    expect(row.unconverged).toEqual([]);
    for (const [observable, { difference, at }] of Object.entries(row.worst)) {
      expect(difference, `${observable} at ${JSON.stringify(at)}`).toBeLessThan(limitOf(observable));
    }
  });
});
