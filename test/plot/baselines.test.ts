import { expect, test } from "vitest";
import { baselineLayers } from "../../src/plot/baselines.ts";

/** Where the name of a level at 1 stands, on a frame from 0 to 4 with curves at these heights on its left and right end. */
function nameOf(left: readonly number[], right: readonly number[]) {
  const frame = {
    ...{ x: () => ({}), y: () => ({}), color: {}, domain: [0, 4] as const, height: 100, fontSize: 12 },
    ...{ ends: [1, 9] as const, near: (x: number) => (x === 1 ? left : right) },
  };
  const places = [1, 9].map((x) => ({ x, y: 1, curve: "" }));
  const layers = baselineLayers([{ name: "level", dash: [2, 2], places }], frame);
  const { data, mark } = layers.at(-1) as { data: { values: { x: number }[] }; mark: { align: string; dy: number } };
  return [data.values[0]!.x, mark.align, mark.dy > 0 ? "below" : "above"];
}

test("the name of a level stands above it at the end with more room, and leaves curves alone", () => {
  expect(nameOf([3], [2])).toEqual([1, "left", "above"]);
  expect(nameOf([2], [3])).toEqual([9, "right", "above"]);
  // A curve just above the end that is farther from all others.
  expect(nameOf([1.01, 3], [1.2])).toEqual([1, "left", "below"]);
  expect(nameOf([1.01, 0.9], [1.2, 0.3])).toEqual([9, "right", "below"]);
});
