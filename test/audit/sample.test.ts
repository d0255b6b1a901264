import { describe, expect, it } from "vitest";
import { type AuditRow, closedFormRow, spikedRow } from "../long/audit/table.ts";

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/** The whole audit is `npm run test:long`. */
function expectAccurate({ unconverged, worst, worstResidual }: AuditRow): void {
  expect(unconverged).toEqual([]);
  expect(worstResidual).toBeLessThan(1e-10);
  for (const [observable, { difference, at }] of Object.entries(worst)) {
    expect(difference, `${observable} at ${JSON.stringify(at)}`).toBeLessThan(1e-8);
  }
}

describe("exactness: a sample of the audit", () => {
  it("every observable, against the equations as they are written on a finer grid", () => {
    expectAccurate(spikedRow([...seeds(0, 12), 14, 20]));
  });

  it("random features, against the closed form of Mei and Montanari in 64 digits", () => {
    expectAccurate(closedFormRow("Mei and Montanari", seeds(0, 40)));
  });

  it("linear features without ridge, against the Marchenko–Pastur law", () => {
    expectAccurate(closedFormRow("linear, ridgeless", seeds(0, 100)));
  });
});
