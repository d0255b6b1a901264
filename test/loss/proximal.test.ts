import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { ParameterError } from "../../src/errors.ts";
import {
  type ConvexLoss,
  hingeLoss,
  huberLoss,
  logisticLoss,
  squaredHingeLoss,
  squareLoss,
} from "../../src/loss/convexLoss.ts";
import { resolveLoss } from "../../src/loss/lossInput.ts";
import type { LossInput } from "../../src/model/description.ts";
import { SQUAREPLUS } from "./problems.ts";

const logCosh: LossInput = {
  kind: "residual",
  value: (x) => Math.abs(x) + Math.log1p(Math.exp(-2 * Math.abs(x))) - Math.LN2,
  derivative: Math.tanh,
  secondDerivative: (x) => 1 / Math.cosh(x) ** 2,
};

const LOSSES: ConvexLoss[] = [
  squareLoss,
  huberLoss(0.7),
  hingeLoss,
  squaredHingeLoss,
  logisticLoss,
  resolveLoss(logCosh),
  { ...resolveLoss(SQUAREPLUS), name: "squareplus" },
];

const proximal = (loss: ConvexLoss, x: number, V: number) => {
  const point = { z: 0, slope: 0, curvature: 0 };
  loss.proximal(x, V, point);
  return point;
};

/** Minimum of the convex (z − x)²/2V + ℓ(z) by golden section, to the square root of rounding. */
function bruteForce(loss: ConvexLoss, x: number, V: number): number {
  const f = (z: number) => (z - x) ** 2 / (2 * V) + loss.value(z);
  const ratio = (Math.sqrt(5) - 1) / 2;
  let [low, high] = [x - V * 2 - 2 * Math.abs(x) - 2, x + V * 2 + 2 * Math.abs(x) + 2];
  for (let i = 0; i < 200; i++) {
    const [a, b] = [high - ratio * (high - low), low + ratio * (high - low)];
    if (f(a) < f(b)) high = b;
    else low = a;
  }
  return 0.5 * (low + high);
}

const argument = fc.double({ min: -30, max: 30, noNaN: true });
const susceptibility = fc.double({ min: -6, max: 6, noNaN: true }).map((x) => 10 ** x);

describe.each(LOSSES.map((loss) => ({ name: loss.name, loss })))("proximal operator of $name", ({ loss }) => {
  test("minimises (z − x)²/2V + ℓ(z)", () => {
    const moderate = fc.double({ min: -2, max: 2, noNaN: true }).map((x) => 10 ** x);
    fc.assert(
      fc.property(argument, moderate, (x, V) => {
        const found = bruteForce(loss, x, V);
        expect(Math.abs(proximal(loss, x, V).z - found)).toBeLessThan(1e-5 * (1 + Math.abs(x) + V));
      }),
    );
  });

  test("its slope is (x − z)/V and lies in the subdifferential at z", () => {
    fc.assert(
      fc.property(argument, susceptibility, (x, V) => {
        const { z, slope } = proximal(loss, x, V);
        // V multiplies the rounding of a slope of order one.
        expect(Math.abs(z + V * slope - x)).toBeLessThan(1e-12 * (Math.abs(x) + V * Math.abs(slope) + 1) + 4e-16 * V);
        // Differences of the loss cannot be more exact than the loss itself.
        const rounding = 1e-11 * (1 + Math.abs(z)) + 1e-13 * loss.value(z);
        for (const h of [1e-3, 1]) {
          expect(loss.value(z + h) - loss.value(z)).toBeGreaterThan(slope * h - rounding);
          expect(loss.value(z - h) - loss.value(z)).toBeGreaterThan(-slope * h - rounding);
        }
      }),
    );
  });

  test("its curvature is the derivative of the slope", () => {
    fc.assert(
      fc.property(argument, susceptibility, (x, V) => {
        const h = 1e-5 * (1 + Math.abs(x));
        fc.pre(loss.breakpoints(V).every((b) => Math.abs(b - x) > 2 * h));
        const difference = (proximal(loss, x + h, V).slope - proximal(loss, x - h, V).slope) / (2 * h);
        const { curvature } = proximal(loss, x, V);
        expect(Math.abs(difference - curvature)).toBeLessThan(1e-4 * curvature + 1e-7);
      }),
    );
  });
});

// Exactness: the logistic proximal map over fourteen orders of V.
test.each([1e-6, 1e-3, 0.5, 1, 4, 1e2, 1e5, 1e8])("logistic proximal equation at V = %d", (V) => {
  for (let x = -3 * V - 50; x <= 50; x += (3 * V + 100) / 997) {
    const { z, slope } = proximal(logisticLoss, x, V);
    expect(Math.abs(slope + 1 / (1 + Math.exp(z)))).toBeLessThan(4e-16);
    expect(Math.abs(z - x - V / (1 + Math.exp(z)))).toBeLessThan(1e-15 * (V + Math.abs(x) + 1) * 4);
  }
});

describe("illegal losses", () => {
  test.each([
    ["lasso", "loss"],
    [{ quantile: 0 }, "loss.quantile"],
    [{ huber: 0 }, "loss.huber"],
    [{ huber: NaN }, "loss.huber"],
    [{ ...logCosh, kind: "label" }, "loss.kind"],
    [{ ...logCosh, derivative: undefined }, "loss.derivative"],
    [{ ...logCosh, derivative: (x: number) => 2 * Math.tanh(x) }, "loss"],
    [{ ...logCosh, secondDerivative: () => 1 }, "loss"],
    [
      { kind: "residual", value: (x: number) => -x * x, derivative: (x: number) => -2 * x, secondDerivative: () => -2 },
      "loss",
    ],
    [null, "loss"],
  ])("%j is refused by name", (loss, parameter) => {
    expect(() => resolveLoss(loss as LossInput)).toThrow(ParameterError);
    expect(() => resolveLoss(loss as LossInput)).toThrow(new RegExp(`^${parameter} `));
  });
});
