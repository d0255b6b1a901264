import { afterAll, describe, expect, it } from "vitest";
import { type AuditRow, closedFormRow, limitOf, spikedRow, tableOf } from "./audit/table.ts";

const rows: Record<string, AuditRow> = {};
const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

afterAll(() => {
  console.log(tableOf(rows));
});

/** λ from 1e-14 to 1e6, α and β from 1e-3 to 1e3, r up to 50, K up to 8. */
describe("accuracy audit", () => {
  it.each([
    ["theory §4 as written", () => spikedRow(seeds(0, 1000))],
    ["Mei and Montanari", () => closedFormRow("Mei and Montanari", seeds(0, 1000))],
    ["linear, ridgeless", () => closedFormRow("linear, ridgeless", seeds(0, 1000))],
  ])("%s", (name, run) => {
    const row = (rows[name] = run());
    expect(row.unconverged).toEqual([]);
    for (const [observable, { difference, at }] of Object.entries(row.worst)) {
      expect(difference, `${observable} at ${JSON.stringify(at)}`).toBeLessThan(limitOf(observable));
    }
  });
});
