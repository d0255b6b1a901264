import { describe, expect, test } from "vitest";
import { saddlePoint } from "../../src/equations/index.ts";

/** The solution of x = F(x), with no unknown in F, so that x is the average itself. */
const valueOf = (formula: string, parameters: Record<string, number> = {}) => {
  const solution = saddlePoint({ unknowns: { x: { start: 0.5 } }, parameters, equations: { x: formula } }).solve();
  return { value: solution.values["x"]!, error: solution.errorEstimate };
};

describe("exactness: averages within averages", () => {
  test.each<[string, number, Record<string, number>?]>([
    ["E(a, E(b, E(c, (a + b*c)^2)))", 2],
    ["E(a, E(b, E(c, cos(a + b + c))))", Math.exp(-1.5)],
    // Between two and three normal variables, the sum has variance 2.25.
    ["E(a, E(b, E(c, relu(a + b + c/2))))", 1.5 / Math.sqrt(2 * Math.PI)],
    ["E(a, E(b, abs(a - b)))", 2 / Math.sqrt(Math.PI)],
    ["E(a, E(b, step(3*a + 4*b - 5)))", 0.15865525393145705],
    ["E(a, integral(y, -inf, inf, exp(-(y - a)^2)))", Math.sqrt(Math.PI)],
    ["E(a, integral(y, min(a, 0), 1, y))", 0.25],
    // Narrow peaks that move with the variable around.
    ["E(a, E(b, exp(-((b - a/2)/w)^2)))", 1e-3 / Math.sqrt(1e-6 + 2.5), { w: 1e-3 }],
    ["E(a, E(b, tanh((a - b)/w)^2))", 1 - 1e-2 / Math.sqrt(Math.PI), { w: 1e-2 }],
  ])("%s", (formula, exact, parameters) => {
    const { value, error } = valueOf(formula.replace("step(", "heaviside("), parameters);
    const allowed = formula.startsWith("E(a, E(b, tanh") ? 1e-6 : 1e-12;
    expect(Math.abs(value - exact)).toBeLessThan(allowed);
    expect(error).toBeLessThan(1e-10);
  });
});

describe("where equations are singular", () => {
  test("the error estimate bounds the error of a threefold root", () => {
    const { value, error } = valueOf("tanh(x)");
    expect(Math.abs(value)).toBeLessThan(error);
  });

  test("the place where two branches cross is found, though no point near it is", () => {
    const branch = saddlePoint({
      unknowns: { m: { start: 0.5 } },
      parameters: { beta: 1 },
      equations: { m: "tanh(beta*m)" },
    }).branch({ over: "beta", from: 2, to: 0.5 });
    if (branch.status !== "converged") throw new Error(branch.detail);
    const [event] = branch.events;
    expect(event!.kind).toBe("bifurcation");
    expect(Math.abs(event!.parameters["beta"]! - 1)).toBeLessThan(1e-10);
    expect(Math.abs(event!.values["m"]!)).toBeLessThan(1e-8);
  });

  test("no number without an error estimate: a line of solutions is refused", () => {
    const solution = saddlePoint({ unknowns: { x: { start: 0.5 } }, equations: { x: "x" } }).trySolve();
    expect(solution).toMatchObject({ status: "non-finite", detail: expect.stringMatching("singular") as string });
  });
});
