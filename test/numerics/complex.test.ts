import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Complex,
  complexAt,
  complexDivide,
  complexMultiply,
  complexProduct,
  complexRootFromBelow,
  complexSolveInPlace,
} from "../../src/numerics/complex.ts";

const real = fc.double({ min: -4, max: 4, noNaN: true, noDefaultInfinity: true });
const number: fc.Arbitrary<Complex> = fc.tuple(real, real);
const distance = (a: Complex, b: Complex) => Math.hypot(a[0] - b[0], a[1] - b[1]);

test("entries of interleaved arrays", () => {
  expect(complexAt(Float64Array.of(1, 2, 3, 4), 1)).toEqual([3, 4]);
});

describe("quotients", () => {
  test("(a b)/b = a", () => {
    expect(complexMultiply([1, 2], [3, 4])).toEqual([-5, 10]);
    fc.assert(
      fc.property(number, number, (a, b) => {
        fc.pre(Math.hypot(...b) > 1e-3);
        expect(distance(complexDivide(complexMultiply(a, b), b), a)).toBeLessThan(1e-14);
      }),
    );
  });

  test.each<[Complex, Complex, Complex]>([
    [
      [6, 8],
      [2, 0],
      [3, 4],
    ],
    [
      [6, 8],
      [0, 2],
      [4, -3],
    ],
    [
      [1e300, 1e300],
      [1e300, 1e300],
      [1, 0],
    ],
    [
      [1e300, -1e300],
      [1e300, -2e300],
      [0.6, 0.2],
    ],
    [
      [1e-300, 1e-300],
      [2e-300, 1e-300],
      [0.6, 0.2],
    ],
  ])("%j/%j without overflow or underflow", (a, b, quotient) => {
    expect(distance(complexDivide(a, b), quotient)).toBeLessThan(1e-15);
  });
});

describe("square root", () => {
  test("squares to its argument, with Re ≥ 0 and the sign of Im kept", () => {
    fc.assert(
      fc.property(number, (a) => {
        const root = complexRootFromBelow(a);
        expect(distance(complexMultiply(root, root), a)).toBeLessThan(1e-14);
        expect(root[0]).toBeGreaterThanOrEqual(0);
        if (a[1] !== 0) expect(root[1] * a[1]).toBeGreaterThanOrEqual(0);
      }),
    );
  });

  test("the negative axis belongs to the lower half plane", () => {
    expect(complexRootFromBelow([-4, 0])).toEqual([0, -2]);
    expect(distance(complexRootFromBelow([-4, 1e-300]), [0, 2])).toBeLessThan(1e-15);
    expect(distance(complexRootFromBelow([-4, -1e-300]), [0, -2])).toBeLessThan(1e-15);
    expect(complexRootFromBelow([4, 0])).toEqual([2, 0]);
    expect(complexRootFromBelow([0, 0])).toEqual([0, 0]);
    expect(distance(complexRootFromBelow([0, 2]), [1, 1])).toBeLessThan(1e-15);
    expect(distance(complexRootFromBelow([0, -2]), [1, -1])).toBeLessThan(1e-15);
  });

  test("keeps the digits of the smaller part", () => {
    expect(complexRootFromBelow([1, 1e-12])[1]).toBeCloseTo(5e-13, 27);
    expect(complexRootFromBelow([-1, 1e-12])[0]).toBeCloseTo(5e-13, 27);
  });
});

describe("linear systems", () => {
  const shape = fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 3 }));
  const entries = (count: number) =>
    fc.array(real, { minLength: 2 * count, maxLength: 2 * count }).map((a) => Float64Array.from(a));

  test("A X = B for several right sides, in any order of the rows", () => {
    const system = shape.chain(([n, q]) =>
      fc.record({
        n: fc.constant(n),
        q: fc.constant(q),
        a: entries(n * n),
        b: entries(n * q),
        order: fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
        phase: fc.boolean(),
      }),
    );
    fc.assert(
      fc.property(system, ({ n, q, a, b, order, phase }) => {
        // Dominant entries, real or imaginary and negative, off the diagonal.
        order.forEach((column, i) => (a[2 * (i * n + column) + (phase ? 1 : 0)] = -9 * n));
        const x = Float64Array.from(b);
        expect(complexSolveInPlace(Float64Array.from(a), x, n, q)).toBe(true);
        const back = new Float64Array(2 * n * q).fill(7);
        complexProduct(a, x, n, n, q, back);
        back.forEach((value, i) => {
          expect(Math.abs(value - b[i]!)).toBeLessThan(1e-13);
        });
      }),
    );
  });

  test("a small leading entry costs no digits", () => {
    const x = Float64Array.of(1, 0, 0, 2);
    expect(complexSolveInPlace(Float64Array.of(0, 1e-20, 1, 0, 0, -1, 0, 1), x, 2, 1)).toBe(true);
    // 1e-20 i x + y = 1 and −i x + i y = 2i.
    expect(distance([x[0]!, x[1]!], [-1, 0])).toBeLessThan(1e-15);
    expect(distance([x[2]!, x[3]!], [1, 0])).toBeLessThan(1e-15);
  });

  test.each([
    ["dependent rows", [1, 0, 0, 1, 0, 1, -1, 0]],
    ["zero", [0, 0, 0, 0, 0, 0, 0, 0]],
    ["NaN", [NaN, 0, 1, 0, 1, 0, 1, 0]],
    ["an infinite entry", [1, 0, 1, 0, 0, Infinity, 1, 0]],
  ])("%s: no solution", (_, a) => {
    expect(complexSolveInPlace(Float64Array.from(a), Float64Array.of(1, 1, 1, 1), 2, 1)).toBe(false);
  });

  test("C = A B of matrices that are not square", () => {
    const c = new Float64Array(6).fill(5);
    complexProduct(Float64Array.of(1, 1, 0, 2), Float64Array.of(1, 0, 0, 1, 3, 0, 1, 1), 1, 2, 2, c);
    expect([...c]).toEqual([1, 7, -3, 3, 5, 5]);
  });
});
