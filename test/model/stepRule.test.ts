import { expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { type StepRule, stepRule } from "../../src/model/stepRule.ts";

const average = (rule: StepRule, weights: "weight" | "first" | "second", f: (y: number) => number) =>
  rule[weights].reduce((total, w, i) => total + w * f(rule.y[i]!), 0);

// Exactness: moments of the target He1 + ½He2 with noise, shifted by 0.3.
test("moments", () => {
  const rule = stepRule(activation("x+(x^2-1)/2"), 0.1, 0.3, 0.2);
  expect(average(rule, "weight", () => 1)).toBeCloseTo(1, 13);
  expect(average(rule, "weight", (y) => y)).toBeCloseTo(-0.3, 13);
  expect(average(rule, "weight", (y) => y * y)).toBeCloseTo(1 + 0.5 + 0.1 + 0.09, 12);
  expect(average(rule, "first", (y) => y)).toBeCloseTo(1, 12);
  expect(average(rule, "second", (y) => y)).toBeCloseTo(1 - 0.3, 12);
  expect(rule.y.length).toBeLessThan(400);
});

test("two labels are two nodes", () => {
  const rule = stepRule(activation("sign"), 0, 0, 1);
  expect([...rule.y]).toEqual([-1, 1]);
  expect(rule.first[1]! - rule.first[0]!).toBeCloseTo(Math.sqrt(2 / Math.PI) * 2 * 0.5, 12);
});

// Law: a rational function is averaged alike whichever scale, resolved by it, the rule was made for.
test.each([0, 1e-6, 0.01, 1])("poles close to the axis, Δ = %d", (labelNoise) => {
  const pole = 0.02;
  const saturating = (y: number) => pole ** 2 / (pole ** 2 + y * y);
  const coarse = average(stepRule(activation("sin"), labelNoise, 0, pole), "second", saturating);
  const fine = average(stepRule(activation("sin"), labelNoise, 0, pole / 3), "second", saturating);
  expect(Math.abs(coarse / fine - 1)).toBeLessThan(1e-11);
});

// Exactness: E e^s = √e, where densities of ε overlap and where each is narrower than the rounding of its place lets pieces be.
test.each([1e-14, 1e-6, 0.3])("moments with noise of any size: Δ = %d", (labelNoise) => {
  const rule = stepRule(activation("exp(x)"), labelNoise, 0.2, 1);
  expect(Math.abs(average(rule, "weight", (y) => y) - (Math.sqrt(Math.E) - 0.2))).toBeLessThan(2e-11);
  expect(Math.abs(average(rule, "second", (y) => y) - (2 * Math.sqrt(Math.E) - 0.2))).toBeLessThan(3e-10);
});
