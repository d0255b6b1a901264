import { parse } from "vega";
import { compile } from "vega-lite";
import { describe, expect, test } from "vitest";
import { runJob } from "../../src/figures/runJob.ts";
import type { Figure, Job, JobResult } from "../../src/figures/figure.ts";
import { FIGURES } from "../../src/figures/index.ts";
import { figurePicture } from "../../src/figures/picture.ts";
import { figureRows, jobsOf } from "../../src/figures/rows.ts";
import { figureTable, outlierLines } from "../../src/figures/table.ts";
import { solve } from "../../src/index.ts";
import { version } from "../../src/version.ts";
import { runCli } from "../cli/runCli.ts";

const TINY = { dimension: 24, trials: 2, seed: 3, points: 4 };
/** Densities take no fewer. */
const SPECTRAL = { ...TINY, points: 8 };

async function outcomesOf(jobs: readonly Job[]): Promise<Map<Job, JobResult[]>> {
  const outcomes = new Map<Job, JobResult[]>();
  for (const job of jobs) {
    outcomes.set(job, await runJob(job, { workers: 0 }));
  }
  return outcomes;
}

async function tiny(figure: Figure) {
  const panels = figure.panels(figure.name.endsWith("spectrum") ? SPECTRAL : TINY);
  const outcomes = await outcomesOf(jobsOf(panels));
  return { panels, rows: figureRows(panels, outcomes) };
}

describe("laws: every figure", () => {
  test.each(FIGURES.map((figure) => [figure.name, figure] as const))(
    "%s has theory and simulation, a picture and a table",
    async (name, figure) => {
      const { panels, rows } = await tiny(figure);
      for (const panel of panels) {
        const own = rows.filter((row) => row.panel === panel.name);
        if (panel.map) expect(own).toHaveLength(panel.map.heights.length ** 2);
        else expect(own.some(({ simulation }) => simulation !== undefined)).toBe(true);
        for (const { x, y, simulation } of own) {
          expect(Number.isFinite(x)).toBe(true);
          expect(y === null || Number.isFinite(y)).toBe(true);
          if (!simulation) continue;
          expect(simulation).toMatchObject({ dimension: TINY.dimension, trials: TINY.trials });
          expect(Number.isFinite(simulation.mean)).toBe(true);
          // Trials that agree exactly, as empty bins do, have no standard error to compare with.
          if (y === null || simulation.standardError === 0) expect(simulation.z).toBeNaN();
          else expect(simulation.z).toBeCloseTo((simulation.mean - y) / simulation.standardError, 9);
        }
      }
      expect(() => parse(compile(figurePicture(figure, panels, rows) as never).spec)).not.toThrow();
      const lines = figureTable(figure, panels, TINY, rows).trimEnd().split("\n");
      const comments = lines.filter((line) => line.startsWith("# "));
      expect(comments[1]).toBe(`# replica-theory ${version}, figure ${name}`);
      expect(comments[2]).toBe("# dimension 24, trials 2, seed 3");
      expect(lines[comments.length]).toBe("panel,curve,theory,x,y,baseline,simulated,standardError,z,dimension,trials");
      expect(lines).toHaveLength(comments.length + 1 + rows.length);
    },
  );
});

describe("exactness", () => {
  const figure = FIGURES.find(({ name }) => name === "cui24-fig2")!;
  const panels = figure.panels(TINY);

  test("a figure's theory is that of a direct solution", () => {
    const rows = figureRows(panels, new Map()).filter((row) => row.panel === "left" && row.curve === "0.5");
    const model = { model: "trainedNetwork", student: "tanh", target: "tanh", learningRate: 1 } as const;
    for (const { theory, x, y } of rows.filter((row) => row.theory !== "published simulation")) {
      const kind = theory === "network" ? "network" : "srf";
      const point = { stepSampleRatio: 0.5, sampleRatio: x, widthRatio: 1, ridge: 0.01 };
      expect(y).toBeCloseTo(solve({ ...model, ...point, theory: kind }).testError, 9);
    }
  });

  test("one run of trials serves a curve", () => {
    expect(jobsOf(panels)).toHaveLength(8);
  });

  test("what is far from theory is told in words", () => {
    const simulation = { mean: 1.5, standardError: 0.1, z: 5, dimension: 10, trials: 3 };
    const row = { panel: "left", curve: "1", theory: "network", x: 2, y: 1, baseline: null, simulation };
    expect(outlierLines([row, { ...row, simulation: { ...simulation, z: -2 } }])).toEqual([
      "left, 1, x = 2: simulated 1.5000 ± 0.10, network 1.0000, z = 5.0",
    ]);
  });
});

describe("the command", () => {
  test("lists the figures", async () => {
    const { code, out } = await runCli(["figure", "--list"]);
    expect(code).toBe(0);
    expect(out.trimEnd().split("\n")).toHaveLength(FIGURES.length);
  });

  test("refuses a name that is none, and no name", async () => {
    expect((await runCli(["figure", "cui24-fig9"])).err).toContain("cui24-fig1");
    expect((await runCli(["figure"])).code).toBe(2);
  });
});
