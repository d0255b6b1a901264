import { describe, expect, test } from "vitest";
import { curve } from "../../src/index.ts";
import { learningCurve, type PlottedRow } from "../../src/plot/learningCurve.ts";
import { draw, marks } from "./draw.ts";

const base = { model: "randomFeatures", student: "tanh", target: "sin", widthRatio: 1 } as const;
const rows = curve(base, { sweep: { ridge: [0.01, 1], sampleRatio: [0.5, 1, 2, Infinity] } });
const withSimulation = rows.map((row): PlottedRow => {
  return { ...row, simulation: { testError: { mean: 0.2, standardError: 0.01 } } };
});

describe("learning curve", () => {
  test("draws a line for each curve, the baseline, and crosses with error bars where there is simulation", async () => {
    const svg = await draw(learningCurve(withSimulation, { series: ["ridge"], title: "tanh" }));
    expect(marks(svg, "line")).toHaveLength(3);
    expect(svg.match(/aria-roledescription="rule mark"/g)).toHaveLength(6);
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(6);
    for (const text of ["α = n/d", "test error", "best linear predictor", "λ", "tanh"]) expect(svg).toContain(text);
  });

  test("an infinite abscissa is left out, an unsolved point is a gap", () => {
    const failed: PlottedRow = { status: "diverged", message: "", sampleRatio: 1.5, ridge: 1 };
    const { data } = learningCurve([...rows, failed], { series: ["ridge"] }) as unknown as {
      data: { values: { x: number; y: unknown }[] };
    };
    expect(data.values.map(({ x }) => x)).not.toContain(Infinity);
    expect(data.values.filter(({ y }) => y === null)).toEqual([expect.objectContaining({ x: 1.5 })]);
  });

  test("a baseline that differs between curves is drawn for each, without a common name", async () => {
    const noisy = curve({ ...base, ridge: 1 }, { sweep: { labelNoise: [0, 1], sampleRatio: [1, 2] } });
    const svg = await draw(learningCurve(noisy, { series: ["labelNoise"] }));
    expect(marks(svg, "line")).toHaveLength(2 + 2);
    expect(svg).not.toContain("best linear predictor");
  });

  test("other quantities have their own title and no baseline", async () => {
    const svg = await draw(
      learningCurve(rows, { x: "ridge", series: ["sampleRatio"], quantity: "trainError", logX: true }),
    );
    expect(svg).toContain("training error");
    expect(svg).toContain("∞");
    expect(marks(svg, "line")).toHaveLength(4);
  });

  test("two theories are told apart by their dashes", async () => {
    const both = ["network", "srf"].flatMap((theory) => rows.map((row): PlottedRow => ({ ...row, theory })));
    const svg = await draw(learningCurve(both, { series: ["ridge"], logY: true }));
    expect(svg.match(/stroke-dasharray="2,3"/g)!.length).toBeGreaterThanOrEqual(2);
    expect(svg).toContain("network");
  });
});
