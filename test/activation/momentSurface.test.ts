import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { conditionalMoments } from "../../src/activation/conditionalMoments.ts";
import { QuadratureError } from "../../src/errors.ts";
import { interpolatedFeatures } from "../../src/activation/featureMoments.ts";
import { MomentSurface } from "../../src/activation/momentSurface.ts";
import { StreamMoments } from "../../src/model/streamMoments.ts";
import { ChebyshevPoints } from "../../src/numerics/chebyshev.ts";

describe("Chebyshev points", () => {
  const points = new ChebyshevPoints(9);
  const interpolated = (f: (x: number) => number, x: number): number => {
    const weights = new Float64Array(9);
    points.weightsAt(x, weights);
    return points.points.reduce((sum, point, k) => sum + weights[k]! * f(point), 0);
  };

  test("polynomials of their degree are their own interpolants, at and between the points", () => {
    const f = (x: number) => ((3 * x - 1) * x ** 3 + 2) * x ** 4 - x;
    for (const x of [-1, -0.3, 0, points.points[2]!, 0.77, 1])
      expect(Math.abs(interpolated(f, x) - f(x))).toBeLessThan(1e-14);
  });

  test("the last coefficients bound what is left of a function that is analytic about them", () => {
    const f = (x: number) => 1 / (2.5 - x);
    const values = Float64Array.from([0, 0, ...points.points].flatMap((x) => [f(x), 7]));
    const tail = points.tail(values, 4, 2);
    const worst = Math.max(
      ...Array.from({ length: 201 }, (_, i) => i / 100 - 1).map((x) => Math.abs(interpolated(f, x) - f(x))),
    );
    expect(worst).toBeLessThan(tail);
    expect(worst).toBeGreaterThan(0.01 * tail);
  });
});

/** Asked for often enough for its panels to be made. */
function asked(at: (shift: number) => unknown, shifts: readonly number[]): void {
  for (let i = 0; i < 400; i++) shifts.forEach(at);
}

describe("moments of many shifts and scales", () => {
  const shifts = Array.from({ length: 21 }, (_, i) => 0.731 * (i - 10));

  // Law: interpolants are the averages within their errors.
  test.each([
    "tanh",
    "relu",
    "erf",
    "sign",
    "x^3 - 3*x",
    "gelu",
    "x",
    "max(0, x) + tanh(3*x)",
    "x < 1 ? 0 : x*exp(-x)",
  ])("%s", (name) => {
    const f = activation(name);
    const surface = new MomentSurface((shift, scale) => conditionalMoments(f, shift, scale, name));
    let found = 0;
    for (const scale of [0.43, 1.42]) {
      const at = interpolatedFeatures(surface, scale);
      expect(at(0.2)).toBeUndefined();
      asked(at, shifts);
      for (const shift of shifts) {
        const moments = at(shift);
        if (!moments) continue;
        found++;
        const known = conditionalMoments(f, shift, scale, name);
        const size = Math.sqrt(known.square);
        expect(moments.error).toBeLessThan(2e-12);
        for (const part of ["mean", "first", "second"] as const) {
          expect(Math.abs(moments[part] - known[part])).toBeLessThanOrEqual((moments.error + 1e-14) * size);
        }
        expect(Math.abs(moments.residual - known.residual)).toBeLessThanOrEqual(
          moments.residualError + 1e-14 * size * Math.sqrt(known.residual),
        );
      }
    }
    expect(found).toBeGreaterThan(30);
  });

  test("none where they are not analytic", () => {
    const surface = new MomentSurface((shift) => {
      const mean = Math.abs(shift - 0.3);
      return { mean, first: 1, second: 0, square: mean * mean + 2, residual: 1, error: 0 };
    });
    const at = surface.along(1);
    asked(at, [0.1, 0.5, 2]);
    expect([at(0.1), at(0.5)]).toEqual([undefined, undefined]);
    expect(at(2)?.mean).toBeCloseTo(1.7, 14);
  });

  test("none next to scales at which there are no moments", () => {
    const f = activation("exp(x^2/8)");
    const at = new MomentSurface((shift, scale) => conditionalMoments(f, shift, scale, "student")).along(1.2);
    asked(at, [0.5]);
    expect(at(0.5)).toBeUndefined();
    expect(() => conditionalMoments(f, 0.5, 1.6, "student")).toThrow(QuadratureError);
  });

  test("the error of the nonlinear part of frozen features is that of its size, not relative to it", () => {
    const f = activation("tanh");
    const at = interpolatedFeatures(
      new MomentSurface((shift, scale) => conditionalMoments(f, shift, scale, "student")),
      1,
    );
    asked(at, [0.5, 9]);
    expect(at(0.5)!.residualError / at(0.5)!.residual).toBeLessThan(1e-13);
    expect(at(9)!.residualError).toBeLessThan(1e-13);
    expect(at(9)!.residualError).toBeGreaterThan(1e-20);
  });

  test("sinusoids have closed forms, and what is at no scale is not averaged", () => {
    const moments = new StreamMoments();
    const none = [moments.student(activation("sin"), 1), moments.target(activation("tanh"), 1, 0).known];
    for (const at of none) {
      asked(at, [0.5]);
      expect(at(0.5)).toBeUndefined();
    }
  });
});
