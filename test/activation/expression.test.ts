import fc from "fast-check";
import { all, create } from "mathjs";
import { describe, expect, test, vi } from "vitest";
import { expression } from "../../src/activation/expression.ts";
import { compileOfSeveral } from "../../src/activation/formula/compile.ts";
import { differentiate } from "../../src/activation/formula/differentiate.ts";
import { interpret } from "../../src/activation/formula/interpret.ts";
import { parseFormula } from "../../src/activation/formula/parse.ts";
import type { DifferentiableActivation } from "../../src/activation/namedActivations.ts";
import { ExpressionError } from "../../src/errors.ts";
import { differenceQuotient } from "./differences.ts";

const gaussian = (x: number): number => Math.exp((-x * x) / 2);

/** A formula, the same function by hand, and its break points. */
interface Case {
  readonly formula: string;
  readonly byHand: (x: number) => number;
  readonly kinks?: readonly number[];
  readonly jumps?: readonly number[];
}

const cases: readonly Case[] = [
  { formula: "tanh(2*x) + 0.1*x^3", byHand: (x) => Math.tanh(2 * x) + 0.1 * x ** 3 },
  { formula: "log(1+exp(x))", byHand: (x) => Math.log1p(Math.exp(x)) },
  { formula: "log1p(exp(-2x))", byHand: (x) => Math.log1p(Math.exp(-2 * x)) },
  { formula: "x+(x^2-1)/2", byHand: (x) => x + (x * x - 1) / 2 },
  { formula: "x+cos(3*x)", byHand: (x) => x + Math.cos(3 * x) },
  { formula: "tanh(x)+exp(-x^2/2)/2", byHand: (x) => Math.tanh(x) + gaussian(x) / 2 },
  { formula: "He2(x)/2", byHand: (x) => (x * x - 1) / 2 },
  { formula: "x/(1+exp(-x))", byHand: (x) => x / (1 + Math.exp(-x)) },
  { formula: "2^x - e^(-x) + pow(x, 5)/10", byHand: (x) => 2 ** x - Math.exp(-x) + x ** 5 / 10 },
  { formula: "(2 + sin(x))^x", byHand: (x) => (2 + Math.sin(x)) ** x },
  { formula: "(1+x^2)^(-3/2) + (1+x^2)^-2", byHand: (x) => (1 + x * x) ** -1.5 + 1 / (1 + x * x) ** 2 },
  { formula: "-x^2 + -(-x)", byHand: (x) => x - x * x },
  { formula: "2 (x + 1)(x - 1) x", byHand: (x) => 2 * x ** 3 - 2 * x },
  { formula: "x^70 / 10^40", byHand: (x) => x ** 70 / 1e40 },
  {
    formula: "atan(x) + asinh(x) + sinh(x)/cosh(x) + tan(x/9) + expm1(x) - erfc(x) + erf(pi)",
    byHand: (x) =>
      Math.atan(x) +
      Math.log(x + Math.sqrt(x * x + 1)) +
      Math.tanh(x) +
      Math.sin(x / 9) / Math.cos(x / 9) +
      (Math.exp(x) - 1) -
      expression("1 - erf(x)").value(x) +
      expression("erf(x)").value(Math.PI),
  },
  { formula: "relu(x-1)", byHand: (x) => (x > 1 ? x - 1 : 0), kinks: [1] },
  { formula: "max(x,0)", byHand: (x) => (x > 0 ? x : 0), kinks: [0] },
  { formula: "max(1, x, -2x)", byHand: (x) => Math.max(1, x, -2 * x), kinks: [-0.5, 1] },
  { formula: "min(1, max(-1, x))", byHand: (x) => Math.min(1, Math.max(-1, x)), kinks: [-1, 1] },
  { formula: "x>0 ? x : 0.1*x", byHand: (x) => (x > 0 ? x : 0.1 * x), kinks: [0] },
  { formula: "x>0 ? 1 + x : -1", byHand: (x) => (x > 0 ? 1 + x : -1), jumps: [0] },
  { formula: "(x > 0) x", byHand: (x) => (x > 0 ? x : 0), kinks: [0] },
  { formula: "-1 < x <= 2", byHand: (x) => (x > -1 && x <= 2 ? 1 : 0), jumps: [-1, 2] },
  { formula: "not (x < -1 or x > 2)", byHand: (x) => (x >= -1 && x <= 2 ? 1 : 0), jumps: [-1, 2] },
  {
    formula: "x >= -1 and x != 1 and x < 2 ? x : 0",
    byHand: (x) => (x >= -1 && x < 2 ? x : 0),
    kinks: [1],
    jumps: [-1, 2],
  },
  { formula: "abs(x)", byHand: Math.abs, kinks: [0] },
  { formula: "sqrt(x^2) + sqrt(x*x)", byHand: (x) => 2 * Math.abs(x), kinks: [0] },
  { formula: "(x^4)^0.25 + sqrt(x^4)", byHand: (x) => Math.abs(x) + x * x, kinks: [0] },
  { formula: "abs(x)*sign(x)", byHand: (x) => x, kinks: [0] },
  { formula: "sign(x) + heaviside(x - 0.5)", byHand: (x) => Math.sign(x) + (x > 0.5 ? 1 : 0), jumps: [0, 0.5] },
  { formula: "abs(x^2-2)", byHand: (x) => Math.abs(x * x - 2), kinks: [-Math.SQRT2, Math.SQRT2] },
  { formula: "relu(exp(x)-3)", byHand: (x) => Math.max(Math.exp(x) - 3, 0), kinks: [Math.log(3)] },
  { formula: "leakyRelu(2*x + 1)", byHand: (x) => (x > -0.5 ? 2 * x + 1 : 0.02 * x + 0.01), kinks: [-0.5] },
  { formula: "abs((x-0.301)^2 - 1e-6)", byHand: (x) => Math.abs((x - 0.301) ** 2 - 1e-6), kinks: [0.3, 0.302] },
  {
    // The outer crossings lie between a jump of the argument and the next grid point.
    formula: "abs((x^2 > 0.1 ? x^2 : -x) - 0.1003)",
    byHand: (x) => Math.abs((x * x > 0.1 ? x * x : -x) - 0.1003),
    kinks: [-Math.sqrt(0.1003), -0.1003, Math.sqrt(0.1003)],
    jumps: [-Math.sqrt(0.1), Math.sqrt(0.1)],
  },
  { formula: "max(relu(x), 0)", byHand: (x) => (x > 0 ? x : 0), kinks: [0] },
  { formula: "x == 0 ? 1 : sin(x)/x", byHand: (x) => Math.sin(x) / x, kinks: [0] },
];

/** Points off the break points by more than the stencil of the difference quotient. */
const points = (breaks: readonly number[]): fc.Arbitrary<number> =>
  fc
    .double({ min: -4, max: 4, noNaN: true })
    .filter((x) => x !== 0 && breaks.every((point) => Math.abs(x - point) > 0.011));

/** Points of [−1.2, 1.2] where f jumps by a hundredth of itself: differences that do not shrink with the interval. */
function discontinuities(f: (x: number) => number): readonly number[] {
  const differ = (a: number, b: number): boolean => Math.abs(a - b) > 0.01 * Math.max(1, Math.abs(a), Math.abs(b));
  const found: number[] = [];
  for (let k = -120; k < 120; k++) {
    let low = (k + 0.123) / 100;
    let high = (k + 1.123) / 100;
    while (high - low > 1e-10 && differ(f(high), f(low))) {
      const middle = (low + high) / 2;
      if (Math.abs(f(middle) - f(low)) > Math.abs(f(high) - f(middle))) high = middle;
      else low = middle;
    }
    if (high - low <= 1e-10) found.push(low);
  }
  return found;
}

describe("exactness", () => {
  test.each(cases)("$formula has its value and derivative", ({ formula, byHand, kinks = [], jumps = [] }) => {
    const { value, derivative } = expression(formula);
    fc.assert(
      fc.property(points([...kinks, ...jumps]), (x) => {
        const size = 1 + Math.abs(byHand(x));
        expect(Math.abs(value(x) - byHand(x))).toBeLessThan(2e-14 * size);
        expect(Math.abs(derivative(x) - differenceQuotient(byHand, x, 0.01))).toBeLessThan(1e-9 * size);
      }),
    );
  });

  test.each(cases)("$formula has its kinks and jumps", ({ formula, kinks = [], jumps = [] }) => {
    const found = expression(formula);
    const check = (got: readonly number[], expected: readonly number[]): void => {
      expect(got).toHaveLength(expected.length);
      got.forEach((point, i) => expect(Math.abs(point - expected[i]!)).toBeLessThan(1e-14));
    };
    check(found.kinks, kinks);
    check(found.jumps, jumps);
  });

  test("all crossings of a periodic argument in [−60, 60] are found", () => {
    expect(expression("sign(sin(x^2))").jumps).toHaveLength(2 * Math.floor(3600 / Math.PI));
    const { jumps } = expression("sign(sin(x))");
    expect(jumps).toHaveLength(39);
    jumps.forEach((point, i) => expect(Math.abs(point - (i - 19) * Math.PI)).toBeLessThan(1e-14));
  });

  test("equal functions do not cross in their rounding noise, and touching is not crossing", () => {
    for (const formula of ["max(log(cosh(x)), x - log(2))", "abs((x - 1.2345)^2)", "max(log(1+exp(x)), x)"]) {
      expect(expression(formula)).toMatchObject({ kinks: [], jumps: [] });
    }
  });

  test("the derivative is finite where the value is smooth", () => {
    const smoothFormulas = ["x^2", "x^3*exp(x)", "log(1+exp(x))", "log(exp(-x)+1)", "x/(1+exp(-x))", "1/(1+exp(x))"];
    for (const formula of [
      ...smoothFormulas,
      "abs(x)^3",
      "(x^2)^1.5",
      "log1p(exp(x))",
      "exp(2*x)/(1+exp(2*x))",
      "tanh(x^3)",
      "gelu(x)",
      "erf(x)*x",
    ]) {
      const { derivative } = expression(formula);
      for (const x of [-800, -40, 0, 40]) expect(Number.isFinite(derivative(x))).toBe(true);
    }
    expect(expression("log(1+exp(x))").value(800)).toBe(800);
  });

  test("outside a domain the value is not a number, and that is not hidden", () => {
    expect(expression("log(x)").value(-1)).toBeNaN();
    expect(expression("relu(log(x))").value(-1)).toBeNaN();
    expect(expression("max(sqrt(x), 0)").value(-1)).toBeNaN();
    expect(expression("1/x").value(0)).toBe(Infinity);
    expect(expression("1/0").value(1)).toBe(Infinity);
  });

  test("constants are formulas", () => {
    expect(expression("2 pi").value(5)).toBe(2 * Math.PI);
    expect(expression("2 pi").derivative(5)).toBe(0);
  });
});

describe("errors", () => {
  const refused: readonly (readonly [formula: string, named: RegExp])[] = [
    ["y + 1", /unknown symbol "y"/],
    ["constructor", /unknown symbol "constructor"/],
    ["__proto__", /unknown symbol "__proto__"/],
    ["hasOwnProperty", /unknown symbol/],
    ["Infinity", /unknown symbol "Infinity"/],
    ["NaN", /unknown symbol "NaN"/],
    ["i", /unknown symbol "i"/],
    ["2 cm", /unknown symbol "cm"/],
    ["tanh + x", /"tanh" needs an argument, as in tanh\(x\)/],
    ["toString(x)", /unknown function "toString"/],
    ["constructor(x)", /unknown function "constructor"/],
    ['import("fs")', /""" is not allowed/],
    ["eval(x)", /unknown function "eval"/],
    ["floor(x)", /"floor" jumps without end/],
    ["He61(x)", /unknown function "He61"/],
    ["x(2)", /"x" is not a function: write x \*/],
    ["x.constructor", /"\." is not allowed/],
    ["x.tanh(1)", /"\." is not allowed/],
    ['x["a"]', /""" is not allowed/],
    ["x[1]", /unexpected "\["/],
    ["[1, 2]", /list is not allowed/],
    ["{a: x}", /"\{" is not allowed/],
    ["1:3", /unexpected ":"/],
    ["a = 1", /"=" is not allowed/],
    ["f(x) = x", /"=" is not allowed/],
    ["x; x", /";" is not allowed/],
    ["'x'", /"'" is not allowed/],
    ["true", /unknown symbol "true"/],
    ["null", /unknown symbol "null"/],
    ["1e400", /constant 1e400 is not a finite number/],
    ["x'", /"'" is not allowed/],
    ["x!", /"!" is not allowed/],
    ["x % 2", /"%" is not allowed/],
    ["x .* x", /"\." is not allowed/],
    ["x ? 1 : 2", /a condition is a comparison/],
    ["tanh(x, 1)", /takes 1 argument, got 2/],
    ["tanh()", /takes 1 argument, got 0/],
    ["pow(x)", /takes 2 arguments, got 1/],
    ["max(x)", /at least 2 arguments/],
    ["tanh(", /the formula ends where/],
    ["", /the formula ends where/],
    ["abs(sin(1000 x))", /more than 3000 kinks/],
    ["(".repeat(900), /expression/],
    ["x + ".repeat(500) + "x", /longer than 1000/],
  ];

  test.each(refused)("%j is refused by name", (formula, named) => {
    const attempt = (): unknown => expression(formula);
    expect(attempt).toThrow(ExpressionError);
    expect(attempt).toThrow(named);
  });

  const fragments = fc.constantFrom(
    ..."x|tanh|(|)|+|-|*|/|^|2|0.1|,|?|:|>|<|=|==|[|]|{|}|.|;|'|\"|!|%|e|pi|He3|relu|abs|max|not|and|or|to|cm|__proto__".split(
      "|",
    ),
    "constructor",
    " ",
    "\n",
    "\\",
    "`",
    "$",
    "=>",
    "é",
  );

  test("any text is a formula or an ExpressionError", () => {
    const text = fc.oneof(
      fc.string(),
      fc.array(fragments, { maxLength: 12 }).map((parts) => parts.join("")),
    );
    fc.assert(
      fc.property(text, (formula) => {
        try {
          expect(typeof expression(formula).value(0.3)).toBe("number");
        } catch (error) {
          expect(error).toBeInstanceOf(ExpressionError);
        }
      }),
      { numRuns: 3000 },
    );
  });
});

describe("laws", () => {
  /** Random formulas put together from templates in u and v. */
  const grammar = (templates: readonly string[]): fc.Arbitrary<string> =>
    fc.letrec<{ formula: string }>((tie) => ({
      formula: fc.oneof(
        { maxDepth: 3, withCrossShrink: true },
        { weight: 1, arbitrary: fc.constantFrom("x", "2", "0.3", "pi", "x^2", "(-x)") },
        {
          weight: 5,
          arbitrary: fc
            .tuple(fc.constantFrom(...templates), tie("formula"), tie("formula"))
            .map(([template, u, v]) => template.replace(/\b[uv]\b/g, (name) => (name === "u" ? u : v))),
        },
      ),
    })).formula;
  const regular = "tanh(u)|erf(u)|sin(u)|cos(u)|atan(u)|asinh(u)|abs(u)|sign(u)|max(u, v)|min(u, v)|(u > 0.1 ? u : v)"
    .split("|")
    .concat("(u + v)|(u - v)|(u * v)|(u)^2|(u)^3|(0.2 < u and not (v > 1) ? v : u)".split("|"));
  const anything = grammar(
    regular.concat("(u / v)|exp(u)|cosh(u)|log(u)|log1p(u)|sqrt(u)|(u)^(-1)|(u)^1.5".split("|")),
  );
  const withoutPoles = grammar(
    regular.concat("u / (1 + (v)^2)|exp(tanh(u))|log(1 + exp(sin(u)))|sqrt(1 + (u)^2)|(1 + (u)^2)^(-1.5)".split("|")),
  );
  // Off the special points 0, 0.1, 1, … of such formulas.
  const generic = fc.integer({ min: -2000, max: 2000 }).map((k) => (k + 0.1234567) / 1000);
  // Predictable: real numbers only, NaN outside the domain of a function.
  const oracle = create(all!, { predictable: true });
  const evaluate = (formula: string, x: number): unknown => oracle.evaluate(formula, { x });
  const resolved = (formula: string): DifferentiableActivation | undefined => {
    try {
      return expression(formula);
    } catch (error) {
      if (error instanceof ExpressionError && error.reason.startsWith("more than")) return undefined;
      throw error;
    }
  };

  test("a formula means what mathjs takes it to mean", () => {
    let compared = 0;
    fc.assert(
      fc.property(anything, generic, (formula, x) => {
        const found = resolved(formula);
        const reference = evaluate(formula, x);
        const moderate = typeof reference === "number" && Math.abs(reference) < 1e6;
        if (!moderate || !found) return;
        const got = found.value(x);
        // A difference that vanishes between the two roundings of x is a jump or a cancellation of the formula's own.
        const neighbours = [x - 1e-9, x + 1e-9].map((y) => evaluate(formula, y));
        const slack = Math.max(...neighbours.map((value) => Math.abs(Number(value) - reference)));
        expect(!(Math.abs(got - reference) > 1e-10 * (1 + Math.abs(reference)) + slack)).toBe(true);
        compared++;
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(400);
  });

  test("the derivative of any formula is the limit of its difference quotients", () => {
    let compared = 0;
    fc.assert(
      fc.property(withoutPoles, generic, (formula, x) => {
        const found = resolved(formula);
        if (!found) return;
        const { value, derivative, kinks, jumps } = found;
        if ([...kinks, ...jumps].some((point) => Math.abs(point - x) < 2e-3)) return;
        const estimates = [1e-3, 5e-4, 2.5e-4].map((step) => differenceQuotient(value, x, step));
        const spread = Math.max(...estimates) - Math.min(...estimates);
        // In a rapid oscillation the estimates disagree and judge nothing.
        if (!(spread < 1e-7 * (1 + Math.abs(estimates[0]!)))) return;
        expect(Math.abs(derivative(x) - estimates[0]!)).toBeLessThan(1e-6 * (1 + Math.abs(estimates[0]!)));
        compared++;
      }),
      { numRuns: 500 },
    );
    expect(compared).toBeGreaterThan(400);
  });

  test("wherever the slope of a formula jumps, a break point is listed", () => {
    let jumps = 0;
    fc.assert(
      fc.property(withoutPoles, (formula) => {
        const found = resolved(formula);
        if (!found) return;
        const breaks = [...found.kinks, ...found.jumps];
        for (const discontinuity of discontinuities(found.derivative)) {
          const nearest = Math.min(...breaks.map((point) => Math.abs(point - discontinuity)));
          expect(nearest).toBeLessThan(1e-9);
          jumps++;
        }
      }),
      { numRuns: 300 },
    );
    expect(jumps).toBeGreaterThan(30);
  });

  test("where no code may be generated, closures give the same numbers", () => {
    const generated = cases.map(({ formula }) => expression(formula));
    const refuse = (): never => {
      throw new EvalError("refused by the content security policy");
    };
    vi.stubGlobal("Function", new Proxy(Function, { construct: refuse, apply: refuse }));
    try {
      cases.forEach(({ formula }, i) => {
        const closures = expression(formula);
        for (const x of [-2.3, -0.4, 0, 0.7, 1.9]) {
          expect(closures.value(x)).toBe(generated[i]!.value(x));
          expect(closures.derivative(x)).toBe(generated[i]!.derivative(x));
        }
        expect(closures.kinks).toEqual(generated[i]!.kinks);
      });
    } finally {
      vi.unstubAllGlobals();
    }
  });

  test("a formula moved by s has its kinks moved by s", () => {
    fc.assert(
      fc.property(fc.double({ min: -3, max: 3, noNaN: true }), (s) => {
        const shift = `(x - (${s.toFixed(6)}))`;
        const moved = expression(`abs(${shift}^3 - 2*${shift} + 0.3)`).kinks;
        const origin = expression("abs(x^3 - 2*x + 0.3)").kinks;
        expect(moved).toHaveLength(3);
        moved.forEach((point, i) => expect(Math.abs(point - origin[i]! - Number(s.toFixed(6)))).toBeLessThan(1e-14));
      }),
      { numRuns: 20 },
    );
  });
});

describe("several variables", () => {
  const indices = new Map([
    ["a", 0],
    ["b", 1],
  ]);
  const variables = { indexOf: (name: string) => indices.get(name), legal: "a, b" };
  const point = [0.7, -1.3];

  test("compiled and interpreted alike, and differentiated in each", () => {
    const tree = parseFormula("a * a * b + sin(a * b) - max(a, b) ^ 2 + (a > b ? exp(b) : a)", variables);
    const expected = 0.7 ** 2 * -1.3 + Math.sin(0.7 * -1.3) - 0.7 ** 2 + Math.exp(-1.3);
    expect(compileOfSeveral(tree)(point)).toBeCloseTo(expected, 14);
    expect(interpret<readonly number[]>(tree, (index) => (x) => x[index]!)(point)).toBeCloseTo(expected, 14);
    const slopes = [
      2 * 0.7 * -1.3 + Math.cos(0.7 * -1.3) * -1.3 - 2 * 0.7,
      0.7 ** 2 + Math.cos(0.7 * -1.3) * 0.7 + Math.exp(-1.3),
    ];
    slopes.forEach((slope, index) => {
      expect(compileOfSeveral(differentiate(tree, index))(point)).toBeCloseTo(slope, 14);
    });
  });

  test("a name that is no variable is refused with those that are", () => {
    expect(() => parseFormula("a + x", variables)).toThrow(/unknown symbol "x"; legal are a, b, pi, e/);
  });
});
