import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type ChartDescription, layOut, nearest } from "../../docs/explorer/chart.ts";
import { NUMBER_FIELDS, SLIDER_STEPS, sliderPosition, sliderValue } from "../../docs/explorer/fields.ts";
import { svgFile } from "../../docs/explorer/svg.ts";
import { niceDomain, scale, tickLabel } from "../../docs/explorer/ticks.ts";

const value = fc.integer({ min: -1e9, max: 1e9 }).map((whole) => whole / 1000);
const positive = fc.double({ min: 1e-8, max: 1e6, noNaN: true });

describe("axes", () => {
  test("law: a nice domain holds the values, and its ticks lie in it", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const domain = niceDomain(values, false);
        for (const y of values) expect(y >= domain[0] && y <= domain[1]).toBe(true);
        const axis = scale(domain, [0, 100], false, 5);
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        expect(axis.ticks.length).toBeLessThanOrEqual(13);
        for (const tick of axis.ticks) expect(axis.at(tick)).toBeCloseTo(Math.min(100, Math.max(0, axis.at(tick))), 6);
      }),
    );
  });

  test("law: so does a logarithmic one", () => {
    fc.assert(
      fc.property(fc.array(positive, { minLength: 1 }), (values) => {
        const domain = niceDomain(values, true);
        for (const y of values) expect(y >= domain[0] && y <= domain[1]).toBe(true);
        const axis = scale(domain, [0, 100], true, 5);
        expect(axis.ticks.length).toBeGreaterThanOrEqual(2);
        expect(new Set(axis.ticks.map((tick) => tickLabel(tick, true))).size).toBe(axis.ticks.length);
        expect(axis.invert(axis.at(values[0]!)) / values[0]!).toBeCloseTo(1, 9);
      }),
    );
  });

  test("labels", () => {
    const labels = [1e-6, 0.01, 0.5, 20, 5e-3, 1e4].map((tick) => tickLabel(tick, true));
    expect(labels).toEqual(["10⁻⁶", "0.01", "0.5", "20", "5·10⁻³", "10⁴"]);
    expect([0, -0.5, 1500].map((tick) => tickLabel(tick, false))).toEqual(["0", "−0.5", "1500"]);
  });

  test("law: a slider finds its value again", () => {
    for (const field of NUMBER_FIELDS) {
      for (let position = 0; position <= SLIDER_STEPS; position++)
        expect(sliderPosition(field, sliderValue(field, position))).toBe(position);
      expect([sliderPosition(field, 1e9), sliderPosition(field, -5)]).toEqual([SLIDER_STEPS, 0]);
    }
  });
});

const chart = (points: { x: number; y: number; error?: number }[], logarithmic = false): ChartDescription => ({
  title: "a < b & c",
  x: { title: "x", domain: [0, 10], logarithmic: false },
  y: { title: "y", logarithmic },
  series: [
    { label: "line", role: "network", style: "solid", points },
    { label: "crosses", role: "network", style: "points", points },
  ],
  marker: { x: 5, label: "x = 5" },
});

describe("lines", () => {
  test("law: a line stays between its points", () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 2, maxLength: 20 }), (heights) => {
        const scene = layOut(chart(heights.map((y, i) => ({ x: i / 2, y }))), 640, 330);
        const numbers = scene.shapes[0]!.path.match(/-?[\d.]+(?:e-?\d+)?,-?[\d.]+(?:e-?\d+)?/g)!.map((pair) =>
          pair.split(",").map(Number),
        );
        const ends = numbers.filter((_, i) => i % 3 === 0);
        for (let i = 0; i + 1 < ends.length; i++) {
          const [low, high] = [ends[i]![1]!, ends[i + 1]![1]!].sort((a, b) => a - b) as [number, number];
          for (const [, y] of numbers.slice(3 * i + 1, 3 * i + 3))
            expect(y! >= low - 0.02 && y! <= high + 0.02).toBe(true);
        }
      }),
    );
  });

  test("a gap stays a gap, zero lies below a logarithmic axis", () => {
    const gap = layOut(chart([1, 2, NaN, 3, 4].map((y, x) => ({ x, y }))), 640, 330);
    expect(gap.shapes[0]!.path.match(/M/g)).toHaveLength(2);
    const zero = layOut(
      chart(
        [1, 2, 0].map((y, x) => ({ x, y })),
        true,
      ),
      640,
      330,
    );
    expect(Number(/,([\d.]+)$/.exec(zero.shapes[0]!.path)![1])).toBeGreaterThan(zero.frame.bottom);
  });

  test("error bars have the length of two standard errors", () => {
    const scene = layOut(
      chart([
        { x: 2, y: 5, error: 1 },
        { x: 3, y: 1, error: NaN },
      ]),
      640,
      330,
    );
    const [, top, bottom] = /^M[\d.]+,([\d.]+)V([\d.]+)/.exec(scene.shapes[1]!.path)!;
    expect(Number(top) - Number(bottom)).toBeCloseTo(scene.y.at(4) - scene.y.at(6), 1);
    expect(scene.shapes[1]!.path.match(/V/g)).toHaveLength(1);
  });

  test("the nearest point", () => {
    const [line] = chart([1, NaN, 3].map((y, x) => ({ x, y }))).series;
    expect(nearest(line!, 1.2)?.y).toBe(3);
  });
});

test("a file has every path, legend and label, escaped", () => {
  const scene = layOut(chart([1, 2, 3].map((y, x) => ({ x, y }))), 640, 330);
  const svg = svgFile(scene);
  for (const { path } of scene.shapes) expect(svg).toContain(`d="${path}"`);
  for (const text of ["a &lt; b &amp; c", ">crosses</text>", ">line</text>", ">x</text>", ">y</text>"])
    expect(svg).toContain(text);
  expect(svg).not.toMatch(/NaN|undefined/);
});
