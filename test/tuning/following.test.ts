import { expect, test } from "vitest";
import { curve, optimum } from "../../src/index.ts";
import type { Estimate } from "../../src/numerics/stencil.ts";
import { searchOver } from "../../src/tuning/axes.ts";
import { closerWhereLow } from "../../src/tuning/closerScan.ts";
import { Follower } from "../../src/tuning/following.ts";
import { type Place, valuesAt } from "../../src/tuning/place.ts";
import { lowPlaces, scanned, scanOf, SPACING } from "../../src/tuning/searchScan.ts";

const MODEL = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1, widthRatio: 1 } as const;
const search = searchOver({ ...MODEL, sampleRatio: 1 }, ["ridge"]);

/** A function of ln λ, with the number of times that it was asked for. */
function observed(f: (u: number) => number) {
  const looks = { count: 0 };
  const at = (place: Place): Estimate => {
    looks.count++;
    return { value: f(Math.max(-80, Math.log(valuesAt(search, place)[0]!))), error: 1e-15 };
  };
  return { at, looks };
}

/** A valley around u0, in a plain of height 1. */
const valley = (u: number, u0: number, depth: number) => depth / Math.cosh(0.7 * (u - u0));

test("a scan is closer where the lowest value may lie, and nowhere else", () => {
  const line = search;
  for (const u0 of [-30, -14.3, -6.1, 0.2, 5.4, 19]) {
    const { at, looks } = observed((u) => 1 - valley(u, u0, 0.3) + 0.05 * Math.tanh(u / 4));
    const coarse = scanned(scanOf(line, [3], true), at);
    const before = looks.count;
    const closer = closerWhereLow(coarse, line.axes[0]!.scale, SPACING[0]!, at);
    const [lowest] = lowPlaces(closer);
    expect(Math.abs((lowest![0] as number) - u0)).toBeLessThan(2 * SPACING[0]!);
    expect(looks.count - before).toBeLessThan(30);
  }
  // A plain of one height has to be looked at everywhere.
  const { at, looks } = observed(() => 1);
  const coarse = scanned(scanOf(line, [3], true), at);
  const { scan } = closerWhereLow(coarse, line.axes[0]!.scale, SPACING[0]!, at);
  const gaps = scan.axes[0]!.slice(2, -1).map((item, i) => (item as number) - (scan.axes[0]![i + 1] as number));
  expect(Math.max(...gaps)).toBeLessThan(1.02 * SPACING[0]!);
  expect(looks.count).toBe(scan.places.length);
});

test("a minimum that becomes lower than the followed one is seen, though few places are looked at", () => {
  const ratios = Array.from({ length: 40 }, (_, i) => 0.3 * 20 ** (i / 39));
  let [followed, checked] = [0, 0];
  for (const [far, crossing] of [
    [-14, 0.8],
    [-9, 2],
    [5, 1.2],
  ] as const) {
    const follower = new Follower(search);
    for (const sampleRatio of ratios) {
      // The depth of the valley that is far grows as a power and passes that of the first where the curve crosses.
      const depth = 0.3 * (sampleRatio / crossing) ** 0.5;
      const f = (u: number) => 2 - valley(u, -1, 0.3) - valley(u, far, depth) + 0.2 / (1 + Math.exp(-u));
      const { at, looks } = observed(f);
      const [found] = follower.next({ sampleRatio }, at);
      followed += looks.count;
      const [one, other] = [-1, far].map((u0) =>
        Math.min(...Array.from({ length: 4001 }, (_, i) => f(u0 - 2 + i * 1e-3))),
      );
      expect(found!.value).toBeLessThan(Math.min(one!, other!) + 1e-6);
      checked++;
    }
  }
  expect(checked).toBe(120);
  // Two valleys of nearly one depth are both followed.
  expect(followed / checked).toBeLessThan(25);
});

test("of what is far above the followed minimum little is looked at again", () => {
  const follower = new Follower(search);
  const ratios = Array.from({ length: 40 }, (_, i) => 0.3 * 20 ** (i / 39));
  const counts = ratios.map((sampleRatio) => {
    const { at, looks } = observed((u) => 1 / sampleRatio - valley(u, -Math.log(sampleRatio), 0.3 / sampleRatio));
    const [found] = follower.next({ sampleRatio }, at);
    expect(Math.abs(Math.log(found!.at.ridge!) + Math.log(sampleRatio))).toBeLessThan(1e-5);
    return looks.count;
  });
  expect(counts[0]).toBeLessThan(60);
  expect(Math.max(...counts.slice(1))).toBeLessThan(21);
  expect(counts.slice(1).reduce((sum, count) => sum + count, 0)).toBeLessThan(39 * 9);
});

test("a tuned curve through the interpolation peak has the values of optimum", () => {
  const ratios = Array.from({ length: 24 }, (_, i) => 0.4 * 10 ** (i / 23));
  for (const labelNoise of [0, 1e-3, 1]) {
    const description = { ...MODEL, labelNoise };
    const points = curve({ ...description, ridge: "optimal" }, { sweep: { sampleRatio: ratios } });
    ratios.forEach((sampleRatio, i) => {
      const { value, errorEstimate } = optimum({ ...description, sampleRatio }, { over: ["ridge"] });
      const point = points[i]!;
      expect(point.status).toBe("converged");
      const { testError } = point as { testError: number };
      expect(testError - value).toBeLessThan((1e-10 + 2 * errorEstimate) * value);
    });
  }
});

test("an end that is approached is followed along a curve as far as optimum goes", () => {
  const model = { model: "trainedNetwork", student: "x+x^3/9", target: "x", labelNoise: 0 } as const;
  const description = { ...model, widthRatio: 0.2, stepSampleRatio: 20, ridge: 0.1 };
  const ratios = [0.2];
  const points = curve({ ...description, learningRate: "optimal" }, { sweep: { sampleRatio: ratios } });
  ratios.forEach((sampleRatio, i) => {
    const { value, ends } = optimum({ ...description, sampleRatio }, { over: ["learningRate"] });
    expect(ends).toEqual({ learningRate: "range" });
    expect((points[i] as { testError: number }).testError / value - 1).toBeLessThan(1e-10);
  });
});
