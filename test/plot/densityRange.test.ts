import { expect, test } from "vitest";
import { densityRange } from "../../src/plot/densityRange.ts";

const grid = Array.from({ length: 2001 }, (_, i) => (i / 2000) ** 4);

test("a hard edge leaves the frame where the mass above it is 15 % of the whole", () => {
  // ∫₀¹ dx/(2√x) = 1, and above h lies 1/(4h).
  const density = grid.map((x) => 0.5 / Math.sqrt(Math.max(x, 1e-16)));
  const [bottom, top] = densityRange([{ grid, density }])!;
  expect(bottom).toBe(0);
  expect(top / 1.05).toBeCloseTo(1 / 0.6, 2);
});

test("a bulk with soft edges is shown whole, and what stands beside a hard edge", () => {
  const soft = { grid, density: grid.map((x) => Math.sqrt(x * (1 - x))) };
  expect(densityRange([soft])).toBeUndefined();
  const hard = { grid, density: grid.map((x) => 0.5 / Math.sqrt(Math.max(x, 1e-16))) };
  expect(densityRange([soft, hard], [7])![1]).toBeCloseTo(7.35, 10);
  const high = { grid, density: grid.map((x) => 40 * Math.sqrt(x * (1 - x))) };
  expect(densityRange([high, hard])![1]).toBeCloseTo(21, 3);
});
