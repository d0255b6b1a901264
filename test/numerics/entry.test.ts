import { describe, expect, test } from "vitest";
import { findMinimum, findRoot, lambertW, logCosh, logNormalCdf, solveFixedPoint } from "../../src/numerics/index.ts";

describe("exactness", () => {
  test("Lambert's function inverts w e^w", () => {
    for (const w of [-0.99, -0.6, -0.2, -1e-3, 1e-9, 0.1, 0.3, 0.7, 1, 2.5, 10, 50]) {
      expect(lambertW(w * Math.exp(w)) / w).toBeCloseTo(1, w < -0.9 ? 9 : 13);
    }
    expect([lambertW(0), lambertW(-1), lambertW(Infinity)]).toEqual([0, NaN, Infinity]);
  });

  test("logarithms keep their digits in the tails", () => {
    expect(logNormalCdf(-40)).toBeCloseTo(-804.608442013754, 9);
    expect(logNormalCdf(10) / -7.619853024160527e-24).toBeCloseTo(1, 12);
    expect(logCosh(1e-5) / 5e-11).toBeCloseTo(1, 9);
    expect(logCosh(-800)).toBeCloseTo(800 - Math.LN2, 10);
  });
});

describe("a fixed point", () => {
  const map = ([x, y]: Float64Array) => [Math.tanh(1.5 * x! + 0.1 * y!), 0.5 * Math.cos(x!)];

  test("with differences and with the exact Jacobian is the same, and one", () => {
    const jacobian = ([x, y]: Float64Array) => {
      const slope = 1 - Math.tanh(1.5 * x! + 0.1 * y!) ** 2;
      return Float64Array.of(1.5 * slope, 0.1 * slope, -0.5 * Math.sin(x!), 0);
    };
    const [plain, exact] = [solveFixedPoint(map, [1, 0]), solveFixedPoint(map, [1, 0], { jacobian })];
    expect([plain.status, exact.status]).toEqual(["converged", "converged"]);
    map(exact.x).forEach((value, i) => {
      expect(value).toBeCloseTo(exact.x[i]!, 14);
      expect(plain.x[i]).toBeCloseTo(exact.x[i]!, 13);
    });
  });

  test("that is none is said to be none", () => {
    expect(solveFixedPoint(([x]) => [x! + 1], [0]).status).not.toBe("converged");
    expect(solveFixedPoint(() => [NaN], [0])).toMatchObject({ status: "non-finite" });
  });
});

describe("scalars", () => {
  test("errors bound the distance from the truth", () => {
    const root = findRoot((x) => Math.exp(x) - 3, 0, 2);
    if (root.status !== "converged") throw new Error(root.detail);
    expect(Math.abs(root.x - Math.log(3))).toBeLessThanOrEqual(root.error);
    expect(root.error).toBeLessThan(1e-14);
    const minimum = findMinimum((x) => Math.cosh(x - 1), -3, 4);
    if (minimum.status !== "converged") throw new Error(minimum.detail);
    expect(Math.abs(minimum.x - 1)).toBeLessThanOrEqual(3 * minimum.error);
  });

  test("what is not there is named", () => {
    expect(findRoot((x) => x * x + 1, -1, 1).status).toBe("no-bracket");
    expect(findRoot(() => NaN, 0, 1).status).toBe("non-finite");
    expect(findMinimum(() => NaN, 0, 1).status).toBe("non-finite");
  });
});
