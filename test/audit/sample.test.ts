import { describe, expect, it } from "vitest";
import { covariatesRow, saddleRow, stepsRow, transportRow } from "../long/audit/reachRows.ts";
import { optimaRow } from "../long/audit/optima.ts";
import {
  type AuditRow,
  closedFormRow,
  derivativeRow,
  limitOf,
  ratesRow,
  spectrumRow,
  spikedRow,
} from "../long/audit/table.ts";

const seeds = (from: number, count: number) => Array.from({ length: count }, (_, i) => from + i);

/** The whole audit is `npm run test:long`. */
function expectAccurate({ unconverged, worst, worstResidual }: AuditRow): void {
  expect(unconverged).toEqual([]);
  expect(worstResidual).toBeLessThan(1e-10);
  for (const [observable, { difference, at }] of Object.entries(worst)) {
    expect(difference, `${observable} at ${JSON.stringify(at)}`).toBeLessThan(limitOf(observable));
  }
}

describe("exactness: a sample of the audit", () => {
  it("every observable, against the equations as they are written on a finer grid", () => {
    expectAccurate(spikedRow([...seeds(0, 12), 14, 20]));
  });

  // Regression: several groups of strong spikes at λ of 1e-9 to 1e-12, whose functions differ in a narrow range of κ only.
  // The whole audit has more of the kind: cases 70 and 347.
  it("several groups that freeze at a small ridge", () => {
    expectAccurate(spikedRow([742]));
  });

  // Regressions: mean channels of eight groups that differ below double precision.
  it.each([649, 916])("collinear channels, case %d, are estimated as such", (seed) => {
    const row = spikedRow([seed]);
    expectAccurate(row);
    expect(row.flagged).toBe(1);
  });

  it("random features, against the closed form of Mei and Montanari in 64 digits", () => {
    expectAccurate(closedFormRow("Mei and Montanari", seeds(0, 40)));
  });

  it("linear features without ridge, against the Marchenko–Pastur law", () => {
    expectAccurate(closedFormRow("linear, ridgeless", seeds(0, 100)));
  });

  it("small and intermediate rates, against the same equations", () => {
    expectAccurate(ratesRow(seeds(0, 12)));
  });

  it("the derivative of the objective by λ is the readout's norm, of trained networks of one to three groups", () => {
    expectAccurate(derivativeRow(seeds(0, 12)));
  });

  it("spectra of features without linear part, against the law of Marchenko and Pastur", () => {
    expectAccurate(spectrumRow(seeds(0, 10)));
  });

  it("Gaussian covariates, against the equations in 31 digits", () => {
    // Regression, cases 57 and 165: many samples and little ridge, whose error was beyond its estimate; 978: the variance cancelled.
    expectAccurate(covariatesRow([...seeds(0, 30), 57, 165, 978]));
  });

  it("learning curves from data, against resolvents and samples left out one after the other", () => {
    expectAccurate(transportRow(seeds(0, 10)));
  });

  it("saddle points of textbooks, against Newton's method on a grid of its own", () => {
    expectAccurate(saddleRow(seeds(0, 12)));
  });

  it("several steps and directions, against plain iterations on a fixed grid", () => {
    expectAccurate(stepsRow([1, 2, 6]));
  });

  it("best parameters, against dense scans and golden sections", () => {
    for (const row of [optimaRow("covariates", seeds(0, 20)), optimaRow("features", seeds(0, 8))]) {
      expectAccurate(row);
      expect(Object.keys(row.worst)).toHaveLength(2);
    }
  });
});
