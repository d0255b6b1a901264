import { expect, test } from "vitest";
import { featureModel } from "../../src/index.ts";
import { statefulSolver } from "../../src/ridge/solve.ts";

test("a search that goes to small ridges and back has its coarse grid again, and the same solutions", () => {
  const description = { model: "spikedRandomFeatures", student: "tanh", target: "sin", labelNoise: 0.1 } as const;
  const model = featureModel({ ...description, spikeStrength: 1.5, alignment: 0.8 });
  const solver = statefulSolver(model, {});
  const at = (ridge: number, sampleRatio = 0.5) => {
    const point = { sampleRatio, widthRatio: 1, ridge };
    const found = solver.solve(point);
    const cold = statefulSolver(model, {}).solve(point);
    if (found.status !== "converged" || cold.status !== "converged") throw new Error(found.status);
    const error = found.errorEstimate + cold.errorEstimate + 1e-14;
    expect(Math.abs(found.testError / cold.testError - 1)).toBeLessThan(error);
    return solver.state().table.weights.length;
  };
  const coarse = at(0.1);
  expect(at(1e-12)).toBeGreaterThan(coarse);
  expect(at(0.12)).toBe(coarse);
  expect(at(0)).toBeGreaterThan(coarse);
  expect(at(1e-13)).toBeGreaterThan(coarse);
  expect(at(0.1, 0.55)).toBe(coarse);
});
