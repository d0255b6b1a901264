import { describe, expect, test } from "vitest";
import { curve } from "../../src/index.ts";
import { decompositionFigure } from "../../src/plot/decomposition.ts";
import { learningCurve } from "../../src/plot/learningCurve.ts";
import type { PlottedRow } from "../../src/plot/plottedRow.ts";
import { draw } from "./draw.ts";

const base = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.2, widthRatio: 1 } as const;
const options = { sweep: { sampleRatio: [2, 0.5, 1, Infinity] }, ensemble: [3, Infinity] };
const rows = curve({ ...base, ridge: 0.01 }, options) as PlottedRow[];
const simulated = rows.map((row): PlottedRow => {
  const own = { testError: { mean: 0.4, standardError: 0.5 }, biasSquared: { mean: 0.02, standardError: 0.01 } };
  return { ...row, simulation: { ...own, dimension: 40, trials: 3 } };
});

describe("stacked decomposition", () => {
  test("parts and the label's noise add up to the test error, from left to right", async () => {
    const figure = decompositionFigure(simulated, { logX: true, title: "parts" });
    const slabs = figure.data.values as { x: number; low: number; high: number; part: string }[];
    expect(slabs.map(({ x }) => x)).toEqual([0.5, 1, 2].flatMap((x) => Array<number>(7).fill(x)));
    slabs.forEach(({ x, low, high, part }, i) => {
      expect(low).toBe(i % 7 === 0 ? 0 : slabs[i - 1]!.high);
      if (part !== "label noise") return;
      const row = rows.find(({ sampleRatio }) => sampleRatio === x) as { testError: number };
      expect(high).toBe(row.testError);
      expect(Math.abs(high - low - 0.2)).toBeLessThan(1e-11);
    });
    const svg = await draw(figure);
    const texts = [
      "squared bias",
      "variance: weights, inputs, noise",
      "label noise",
      "test error, theory",
      "3 simulations",
    ];
    for (const text of texts) expect(svg).toContain(text);
  });

  test("a point that failed is a gap", () => {
    const failed: PlottedRow = { status: "diverged", message: "", sampleRatio: 0.7 };
    const figure = decompositionFigure([...rows, failed]);
    const pieces = (figure.data.values as { x: number; piece: number }[]).map(({ x, piece }) => `${x}:${piece}`);
    expect([...new Set(pieces)]).toEqual(["0.5:0", "1:1", "2:1"]);
  });

  test("what it cannot show is refused by name", () => {
    const plain = curve({ ...base, ridge: 0.01 }, { sweep: { sampleRatio: [1] } });
    expect(() => decompositionFigure(plain)).toThrow(/rows with statistics/);
    expect(() => decompositionFigure([...rows, ...rows])).toThrow(/rows = 0.5 is not legal: those of one curve/);
    expect(() => decompositionFigure(rows, { logY: true } as never)).toThrow(/logY = true/);
    expect(() => decompositionFigure("rows" as never)).toThrow(/rows = "rows"/);
  });
});

describe("several quantities", () => {
  test("are a curve each, with the M of ensembles and the crosses of their own simulation", async () => {
    const quantity = ["testError", "bias", "ensembles.freshBoth"];
    const figure = learningCurve(simulated, { quantity, logY: true });
    const values = figure.data.values as { curve: string; simulated: number | null; low: number | null }[];
    const names = ["test error", "squared bias", "M = 3, both fresh", "M = ∞, both fresh"];
    expect([...new Set(values.map((datum) => datum.curve))]).toEqual(names);
    expect(values.map((datum) => datum.simulated)).toEqual([1, 2, 3].flatMap(() => [0.4, 0.02, null, null]));
    // Bars that cross zero end at the lowest place that is shown, where the axis is logarithmic.
    const lowest = Math.min(...(figure.data.values as { y: number }[]).map(({ y }) => y), 0.02);
    expect(values[0]!.low).toBe(lowest);
    const svg = await draw(figure);
    for (const text of [...names, "square error"]) expect(svg).toContain(text);
    expect(svg).not.toContain("best linear predictor");
  });

  test("of one kind have its name on the axis", async () => {
    const rates = ["classificationError", "ensembleOfTwo.freshBoth.classificationError"];
    const svg = await draw(learningCurve(rows, { quantity: rates, series: ["ridge"] }));
    for (const text of ["error rate", "0.01, M = 2, both fresh: classification error"]) expect(svg).toContain(text);
    expect(() => learningCurve(rows, { quantity: ["testError", "nothing"] })).toThrow(/quantity = "nothing"/);
    expect(() => learningCurve(rows, { quantity: [] })).toThrow(/quantity = \[\]/);
  });
});
