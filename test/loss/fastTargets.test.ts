import { expect, test } from "vitest";
import { solve } from "../../src/index.ts";

const model = { model: "randomFeatures", student: "tanh", sampleRatio: 2, widthRatio: 1, ridge: 0.1 } as const;

// Of sin ωx the features learn nothing, and its values have one law for every ω: up to e^{−ω²/2}.
test.each([
  ["absolute", [9, 47.3], 0.77783157415252],
  [{ huber: 0.5 }, [20], 0.24397792605698],
] as const)(
  "targets faster than any step of the rules have the law of their values: %j",
  (loss, frequencies, testLoss) => {
    for (const omega of frequencies) {
      const solution = solve({ ...model, loss, target: `sin(${omega}*x)` });
      expect(Math.abs(solution.testLoss - testLoss)).toBeLessThan(1e-12 + 2 * solution.errorEstimate);
    }
  },
);

test("a target of too many panels is refused by name", () => {
  expect(() => solve({ ...model, loss: "absolute", target: "sin(3000*x)" })).toThrow(/sin\(3000\*x\) varies too fast/);
});

test("a target that κ says all of may vanish as often as it likes", () => {
  const spiked = { ...model, model: "spikedRandomFeatures", spikeStrength: 1, alignment: 1 } as const;
  // Residuals beyond 5 are as rare as 1e-16: the loss is the square, which ridge regression solves without an integral.
  const target = "sin(20*x)";
  const solution = solve({ ...spiked, target, loss: { huber: 5 } });
  if (solution.kind !== "residual") throw new Error("a loss of residuals");
  const ridge = solve({ ...spiked, target });
  expect(Math.abs(solution.testError - ridge.testError)).toBeLessThan(1e-13 + 2 * solution.errorEstimate);
});
