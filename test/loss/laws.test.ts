import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LossDescription, type LossInput, solve } from "../../src/index.ts";
import { randomModels, randomReadout } from "./problems.ts";

const RUNS = { numRuns: 5 };
const factors = fc.constantFrom(1.3, 2, 5);
const margins = fc
  .tuple(
    randomModels(["tanh", "erf", "relu"], ["sign"], [1e-2, 10]),
    fc.constantFrom<LossInput>("logistic", "hinge", "squaredHinge"),
    fc.constantFrom(0, 0.1),
  )
  // Far from the data that are separable by the unpenalised mean channels, where no minimum exists.
  .map(([model, loss, labelFlips]) => ({
    ...model,
    loss,
    labelFlips,
    labelNoise: 0.2,
    alignment: 0.9 * model.alignment,
    spikeStrength: Math.min(2, model.spikeStrength),
  })) as fc.Arbitrary<LossDescription>;
const residuals = fc
  .tuple(randomModels(["tanh", "erf", "sin"], ["sin(2*x)", "tanh"], [1e-2, 10]), randomReadout)
  .map(([model, readout]) => ({
    ...model,
    ...readout,
    loss: { huber: 0.5 },
    labelNoise: 0.2,
  })) as fc.Arbitrary<LossDescription>;
const problems = fc.oneof(margins, residuals);

function expectAtMost(a: number, b: number, what: string): void {
  expect(a - b, `${what}: ${a} ≤ ${b}`).toBeLessThanOrEqual(1e-7 * Math.abs(b) + 1e-12);
}

function expectSame(first: LossDescription, second: LossDescription, scale = 1): void {
  const [a, b] = [solve(first), solve(second)];
  for (const name of ["testLoss", "trainLoss", "objective"] as const) {
    expect(Math.abs(b[name] / scale / a[name] - 1), name).toBeLessThan(1e-6);
  }
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
const ofZero = (loss: unknown) => (loss === "logistic" ? Math.LN2 : loss === "hinge" ? 1 : 0.5);

describe("law: what a convex minimisation has at any size", () => {
  it("in λ: objective and training loss rise, the objective is concave, |a|² falls", () => {
    fc.assert(
      fc.property(problems, factors, (problem, factor) => {
        const at = (f: number) => solve({ ...problem, ridge: f * problem.ridge });
        const [low, middle, high] = [at(1), at(factor), at(2 * factor - 1)];
        expectAtMost(low.objective, middle.objective, "objective");
        expectAtMost(low.trainLoss, middle.trainLoss, "training loss");
        expectAtMost(sum(middle.overlaps.Q2), sum(low.overlaps.Q2), "Σ Q2");
        expectAtMost((low.objective + high.objective) / 2, middle.objective, "mean of the ends");
      }),
      RUNS,
    );
  });

  it("in α: n times the objective rises; the readout 0 bounds it", () => {
    fc.assert(
      fc.property(problems, factors, (problem, factor) => {
        const few = solve(problem);
        const many = solve({ ...problem, sampleRatio: factor * problem.sampleRatio });
        expectAtMost(few.objective, factor * many.objective, "α objective");
        expectAtMost(few.trainLoss, few.objective, "training loss");
        if (typeof problem.loss === "string") expectAtMost(few.objective, ofZero(problem.loss), "objective");
      }),
      RUNS,
    );
  });
});

describe("law: the same data in other names and units", () => {
  it("aσ with a²λ", () => {
    fc.assert(
      fc.property(problems, fc.constantFrom(0.5, 3), (problem, a) => {
        const student = `${a} * ${problem.student as string}(x)`;
        expectSame(problem, { ...problem, student, ridge: a * a * problem.ridge });
      }),
      RUNS,
    );
  });

  it("−v for v; −y for y, which turns θ about and has the readout −a", () => {
    fc.assert(
      fc.property(margins, (problem) => {
        const { alignment, spikeStrength } = problem as LossDescription & { alignment: number; spikeStrength: number };
        expectSame(problem, { ...problem, alignment: -alignment, spikeStrength: -spikeStrength } as LossDescription);
        expectSame(problem, { ...problem, alignment: -alignment } as LossDescription);
      }),
      RUNS,
    );
  });

  it("Huber's loss: bσ*, b²Δ and bδ make it b² times as large", () => {
    fc.assert(
      fc.property(residuals, fc.constantFrom(0.5, 3), (problem, b) => {
        const text = problem.target as string;
        const target = `${b} * ${text === "tanh" ? "tanh(x)" : text}`;
        expectSame(problem, { ...problem, target, labelNoise: 0.2 * b * b, loss: { huber: 0.5 * b } }, b * b);
      }),
      RUNS,
    );
  });
});
