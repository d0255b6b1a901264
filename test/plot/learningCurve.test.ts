import { describe, expect, test } from "vitest";
import { curve } from "../../src/index.ts";
import { learningCurve } from "../../src/plot/learningCurve.ts";
import type { PlottedRow } from "../../src/plot/plottedRow.ts";
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
    // Six crosses, two diamonds at ∞, and two entries of the key.
    expect(svg.match(/aria-roledescription="point"/g)).toHaveLength(6 + 2 + 2);
    const key = "simulations: mean; bars: standard error";
    for (const text of ["α = n/d", "test error", "best linear predictor", "λ", "tanh", key])
      expect(svg).toContain(text);
  });

  test("an infinite abscissa is a named mark on the right edge, an unsolved point a gap", async () => {
    const failed: PlottedRow = { status: "diverged", message: "", sampleRatio: 1.5, ridge: 1 };
    const figure = learningCurve([...rows, failed], { series: ["ridge"] });
    const values = figure.data.values as { x: number; y: unknown }[];
    expect(values.map(({ x }) => x)).not.toContain(Infinity);
    expect(values.filter(({ y }) => y === null)).toEqual([expect.objectContaining({ x: 1.5 })]);
    const svg = await draw(figure);
    expect(svg.match(/<path[^>]*translate\(420,[\d.]+\)" d="M/g)).toHaveLength(2);
    expect(marks(svg, "text").filter((text) => text.includes(">∞<"))).toHaveLength(1);
  });

  test("a sweep that is only infinite, or has one point, is drawn as points", async () => {
    const infinite = await draw(learningCurve(rows.filter(({ sampleRatio }) => sampleRatio === Infinity)));
    expect(infinite).toContain(">∞<");
    const single = await draw(
      learningCurve(
        rows.filter(({ sampleRatio }) => sampleRatio === 2),
        { series: ["ridge"] },
      ),
    );
    expect(single.match(/aria-roledescription="circle"/g)).toHaveLength(2);
  });

  test("what a logarithmic axis cannot show is left out and said", async () => {
    const zero = curve({ ...base, sampleRatio: 2 }, { sweep: { ridge: [0, 1e-6, 1] } });
    const figure = learningCurve(zero, { x: "ridge", logX: true });
    expect(figure.data.values).toHaveLength(2);
    const svg = await draw(figure);
    expect(svg).toContain("not on the logarithmic axis: λ = 0");
    expect(svg).toContain(">10⁻⁶<");
    expect(svg).not.toContain(">0.000001<");
  });

  test("a baseline that would leave half the figure empty is an arrow with its value", async () => {
    const flat = rows.map(
      (row): PlottedRow => ({ ...row, testError: 0.5 + (row as { testError: number }).testError / 100 }) as PlottedRow,
    );
    const svg = await draw(learningCurve(flat, { series: ["ridge"] }));
    expect(svg).toMatch(/↓ best linear predictor: 0\.0645/);
    expect(await draw(learningCurve(flat, { baselines: [] }))).not.toContain("best linear predictor");
  });

  test("nine curves have shades and labels of three digits that differ", async () => {
    const ridge = Array.from({ length: 9 }, (_, i) => 0.1 + i / 3);
    const svg = await draw(
      learningCurve(curve({ ...base, ridge: 1 }, { sweep: { ridge, sampleRatio: [1, 2] } }), { series: ["ridge"] }),
    );
    const strokes = marks(svg, "line").flatMap((text) => /stroke="([^"]+)"/.exec(text)?.[1] ?? []);
    expect(new Set(strokes).size).toBe(9);
    for (const label of ["0.433", "2.77"]) expect(svg).toContain(`>${label}<`);
  });

  test("bars that would cover each other stand side by side, apart from others", async () => {
    const placesOf = (svg: string) =>
      [...svg.matchAll(/translate\(([\d.]+),[\d.]+\)" d="M-[\d.]+,-[\d.]+L/g)].map(([, x]) => Number(x));
    const covered = placesOf(await draw(learningCurve(withSimulation, { series: ["ridge"] }))).slice(0, 6);
    expect(new Set(covered).size).toBe(6);
    const apart = withSimulation.map((row, i): PlottedRow => ({
      ...row,
      simulation: { testError: { mean: i, standardError: 0.01 } },
    }));
    expect(new Set(placesOf(await draw(learningCurve(apart, { series: ["ridge"] }))).slice(0, 6)).size).toBe(3);
  });

  test("any column of the table is drawn; size, type and axes are what is asked for, or refused", async () => {
    const svg = await draw(
      learningCurve(rows, { quantity: "Q2", width: 500, height: 200, fontSize: 20, yRange: [0, 2] }),
    );
    expect(svg).toContain(">Q2<");
    expect(svg).toContain("M0.5,0.5h500v200h-500Z");
    expect(svg).toContain('font-size="20px"');
    for (const [name, options] of [
      ["quantity", { quantity: "Q3" }],
      ["width", { width: 0 }],
      ["fontSize", { fontSize: NaN }],
      ["yRange", { yRange: [1, 1] }],
      ["xRange", { xRange: [0, 1], logX: true }],
    ] as const) {
      expect(() => learningCurve(rows, options)).toThrow(new RegExp(`^${name} = `));
    }
  });

  test("a baseline that differs between curves is drawn for each, with its name in the key", async () => {
    const noisy = curve({ ...base, ridge: 1 }, { sweep: { labelNoise: [0, 1], sampleRatio: [1, 2] } });
    const svg = await draw(learningCurve(noisy, { series: ["labelNoise"] }));
    expect(marks(svg, "line")).toHaveLength(2 + 2);
    expect(marks(svg, "text").join("")).not.toContain("best linear predictor");
    expect(svg).toContain(">best linear predictor<");
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
