import { describe, expect, test } from "vitest";
import {
  ExpressionError,
  ParameterError,
  QuadratureError,
  saddlePoint,
  type SaddlePointDescription,
} from "../../src/equations/index.ts";

const base = { unknowns: { q: { start: 0.5, min: 0, max: 1 } }, parameters: { beta: 1 } };
const withEquation = (q: string, more: object = {}): SaddlePointDescription => ({ ...base, equations: { q }, ...more });

/** What solving throws. */
function thrown(description: unknown): Error & Pick<ExpressionError, "place" | "parameter"> {
  try {
    saddlePoint(description as SaddlePointDescription).trySolve();
  } catch (error) {
    return error as ReturnType<typeof thrown>;
  }
  throw new Error("nothing was thrown");
}

describe("one error with its place", () => {
  test.each([
    ["unknown symbol", withEquation("q + foo"), 4, /unknown symbol "foo"/],
    ["unknown function", withEquation("0.5*bar(q)"), 4, /unknown function "bar"/],
    ["bound variable outside", withEquation("E(z, tanh(z)) + z"), 16, /"z" is a bound variable, used outside/],
    [
      "bound variable outside, in a definition",
      withEquation("E(z, t) + t", { where: { t: "q*z" } }),
      2,
      /"z" is a bound/,
    ],
    ["a name that is bound and an unknown", withEquation("E(q, q^2)"), 2, /"q" has a meaning already/],
    [
      "cyclic definitions",
      withEquation("a", { where: { a: "b + 1", b: "2*a" } }),
      2,
      /circle: where.a → where.b → where.a/,
    ],
    ["end of the formula", withEquation("tanh(q"), 6, /expected "\)", found the end/],
    ["a character", withEquation("q + #"), 4, /"#" is not allowed/],
    ["two operators", withEquation("q + * 2"), 4, /"\*" stands where a number/],
    [
      "a root without a sign change",
      withEquation("root(u, 1, 2, u + q)"),
      0,
      /no root: the function does not change its sign/,
    ],
    ["a function without argument", withEquation("tanh + q"), 0, /function "tanh" needs an argument/],
    ["a product without sign", withEquation("q(1 - q)"), 0, /"q" is not a function: write q \* /],
    ["an average without variable", withEquation("E(1, q)"), 2, /needs a name first/],
    ["an average of one part", withEquation("0 + E(z)"), 4, /takes 2 parts, as in E\(z, f\)/],
    ["a list outside", withEquation("q + [1, 2]"), 4, /a list may stand only/],
    ["four averages deep", withEquation("E(a, E(b, E(c, E(d, a*b*c*d*q))))"), 15, /averages more than 3 deep/],
  ])("%s", (_name, description, offset, message) => {
    const error = thrown(description);
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error.message).toMatch(message);
    expect(error.place?.offset).toBe(offset);
    expect(error.message.split("\n")).toHaveLength(1);
  });

  test("of several averages, the one that does not exist is blamed, by equation and place", () => {
    const unknowns = { m: { start: 0.5 }, q: { start: 0.5 } };
    const good = "E(z, tanh(m + z)^2)";
    const cases = [
      [{ m: "m + E(z, exp(z^2))", q: good }, "equations.m", 4],
      [{ m: `${good} + E(z, exp(z^2))`, q: good }, "equations.m", good.length + 3],
      [{ m: good, q: "q + E(z, exp(z^2))" }, "equations.q", 4],
      [{ m: good, q: "0.1 + E(z, 1/(z - q))" }, "equations.q", 6],
      [{ m: "integral(y, 0, inf, exp(-y))", q: "m*integral(y, 0, inf, 1/(1 + y))" }, "equations.q", 2],
    ] as const;
    for (const [equations, formula, offset] of cases) {
      const error = thrown({ unknowns, parameters: {}, equations });
      expect(error).toBeInstanceOf(QuadratureError);
      expect([(error as QuadratureError).formula, error.place?.offset]).toEqual([formula, offset]);
      expect(error.message).toContain(` in ${formula} (line 1, column ${offset + 1})`);
    }
  });

  test("places count lines and columns", () => {
    const error = thrown(withEquation("q +\n  2*foo"));
    expect(error.place).toEqual({ offset: 8, line: 2, column: 5 });
    expect(error.parameter).toBe("equations.q");
  });

  test.each([
    ["an average that does not exist", withEquation("E(z, exp(q*z^2))"), 0],
    ["an integral that does not exist", withEquation("0.1 + q*integral(y, 0, inf, 1/(1 + y))"), 8],
    ["an average of a function with a pole", withEquation("0.1 + E(z, 1/(z - q))"), 6],
  ])("%s", (_name, description, offset) => {
    const error = thrown(description);
    expect(error).toBeInstanceOf(QuadratureError);
    expect(error.message).toMatch(/^average of (E|integral)\(/);
    expect(error.place?.offset).toBe(offset);
  });

  test.each([
    [
      "an unknown without equation",
      { ...base, equations: {} },
      /equations.q = undefined .*the unknown "q" needs an equation/,
    ],
    [
      "a start outside the range",
      { ...withEquation("q"), unknowns: { q: { start: 2, max: 1 } } },
      /unknowns.q.start = 2/,
    ],
    [
      "an empty range",
      { ...withEquation("q"), unknowns: { q: { min: 1, max: 1 } } },
      /unknowns.q.max = 1 .*above min = 1/,
    ],
    ["no unknowns", { unknowns: {}, equations: {} }, /unknowns/],
    ["a field that is not known", { ...withEquation("q"), wher: {} }, /wher .*no such field/],
    ["a parameter that is no number", { ...withEquation("q"), parameters: { beta: "1" } }, /parameters.beta = "1"/],
    ["a name with a meaning", { ...withEquation("q"), parameters: { e: 1 } }, /a name that has no meaning/],
    ["a name twice", { ...withEquation("q"), where: { q: "1" } }, /one meaning for each name/],
    ["no object", 5, /saddlePoint = 5/],
  ])("%s", (_name, description, message) => {
    const error = thrown(description);
    expect(error).toBeInstanceOf(ParameterError);
    expect(error.message).toMatch(message);
  });

  test("an equation without unknown", () => {
    const error = thrown({ ...base, equations: { q: "q", r: "1" } });
    expect(error).toBeInstanceOf(ExpressionError);
    expect(error.message).toMatch(/equations.r = "1" .*an equation without unknown/);
  });

  test("a parameter of a call", () => {
    const problem = saddlePoint(withEquation("q/2"));
    expect(() => problem.solve({ gamma: 1 })).toThrow(ParameterError);
    expect(() => problem.solve({ beta: NaN })).toThrow(ParameterError);
    expect(() => problem.branch({ over: "beta", from: 1, to: 1 })).toThrow(ParameterError);
    expect(() => problem.curve({ sweep: { beta: [] } })).toThrow(ParameterError);
  });

  test("errors are those of the library", () => {
    expect(new QuadratureError("f", "reason", 1).message).toBe("average of f: reason");
  });
});
