import { describe, expect, test } from "vitest";
import { linePlot } from "../../src/plot/lines.ts";
import { draw, marks } from "./draw.ts";

const x = [1, 2, 3];
const titles = { xTitle: "t = θ·x", yTitle: "E[f | t]" };

describe("lines", () => {
  test("curves have colours, and all lines a legend", async () => {
    const lines = [
      { name: "target", x, y: [0, 1, 0], reference: true },
      { name: "0.5", x, y: [0, 2, 1] },
      { name: "∞", x, y: [0, 3, 1] },
    ];
    const svg = await draw(linePlot(lines, { ...titles, legend: "α₀", title: "tanh" }));
    expect(marks(svg, "line")).toHaveLength(3);
    expect(svg.match(/stroke-dasharray="6,4"/g)).toHaveLength(2);
    for (const text of ["t = θ·x", "E[f | t]", "α₀", "∞", "target", "tanh"]) expect(svg).toContain(text);
  });

  test("what is not finite is a gap", async () => {
    const svg = await draw(linePlot([{ name: "a", x: [1, 2, 3, 4, 5], y: [1, 2, NaN, 3, 4] }], titles));
    expect(marks(svg, "line").join("").match(/M/g)).toHaveLength(2);
  });

  test.each([false, true])("bars and marks are drawn, logarithmic: %s", async (logarithmic) => {
    const bars = [
      { left: 1, right: 2, height: 0.5 },
      { left: 2, right: 3, height: 0.2 },
    ];
    const options = { ...titles, bars, marks: [{ name: "a", x: 2.5 }], logX: logarithmic, logY: logarithmic };
    const svg = await draw(linePlot([{ name: "a", x, y: [0.5, 0.2, 0.1] }], options));
    expect(marks(svg, "rect")[0]!.match(/<path/g)).toHaveLength(2);
    expect(marks(svg, "symbol")[0]!.match(/<path/g)).toHaveLength(1);
  });
});
