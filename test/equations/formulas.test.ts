import { describe, expect, test } from "vitest";
import { saddlePoint } from "../../src/equations/index.ts";
import { erfc, normalCdf, normalPdf } from "../../src/numerics/normal.ts";

type F = (u: number) => number;

const logistic: F = (u) => 1 / (1 + Math.exp(-u));

/** Formulas in u, the same functions in this language, and places where they are smooth. */
const FORMULAS: readonly (readonly [string, F, readonly number[]])[] = [
  ["exp(u)", Math.exp, [-2, 0.3, 3]],
  ["expm1(u)", Math.expm1, [-2, 1e-3, 1]],
  ["log(u)", Math.log, [0.2, 3]],
  ["log1p(u)", Math.log1p, [-0.5, 1e-3, 4]],
  ["sqrt(u)", Math.sqrt, [0.2, 9]],
  ["tan(u)", Math.tan, [0.4, 1.2]],
  ["asin(u)", Math.asin, [-0.3, 0.8]],
  ["acos(u)", Math.acos, [-0.3, 0.8]],
  ["atan(u)", Math.atan, [-2, 0.8]],
  ["sinh(u)", Math.sinh, [-1.2, 0.8]],
  ["cosh(u)", Math.cosh, [-1.2, 0.8]],
  ["asinh(u)", Math.asinh, [-1.2, 0.8]],
  ["atanh(u)", Math.atanh, [-0.4, 0.8]],
  ["tanh(u)", Math.tanh, [-1.2, 0.8]],
  ["sigmoid(u)", logistic, [-1.2, 0.8]],
  ["softplus(u)", (u) => Math.log1p(Math.exp(u)), [-1.2, 0.8]],
  ["sin(u)*cos(u)", (u) => Math.sin(u) * Math.cos(u), [-1.2, 0.8]],
  ["erf(u)", (u) => 2 * normalCdf(u * Math.SQRT2) - 1, [-1.2, 0.8]],
  ["erfc(u)", erfc, [-1.2, 0.8]],
  ["normalPdf(u)", normalPdf, [-1.2, 0.8]],
  ["normalCdf(u)", normalCdf, [-1.2, 0.8]],
  ["logNormalCdf(u)", (u) => Math.log(normalCdf(u)), [-1.2, 0.8]],
  ["log(normalCdf(2*u))", (u) => Math.log(normalCdf(2 * u)), [-1.2, 0.8]],
  ["logcosh(u)", (u) => Math.log(Math.cosh(u)), [-1.2, 0.8]],
  ["log(cosh(u^2))", (u) => Math.log(Math.cosh(u * u)), [-1.2, 0.8]],
  ["lambertW(u*exp(u))", (u) => u, [0.3, 2]],
  ["gelu(u)", (u) => u * normalCdf(u), [-1.2, 0.8]],
  ["relu(u) + abs(u)", (u) => Math.max(0, u) + Math.abs(u), [-1.2, 0.8]],
  ["u^3 + pow(u, 2)", (u) => u ** 3 + u ** 2, [-1.2, 0.8]],
  ["u^7 - u^-1", (u) => u ** 7 - 1 / u, [-1.2, 0.8]],
  ["u^-2 + u^-3 + sum(k, [1, 2, -1], k*u^2)", (u) => u ** -2 + u ** -3 + 2 * u * u, [0.8, 1.8]],
  ["u^2.5 + u^0.5", (u) => u ** 2.5 + u ** 0.5, [0.3, 1.8]],
  ["u^u", (u) => u ** u, [0.3, 1.8]],
  ["2^u - e^(2*u)", (u) => 2 ** u - Math.exp(2 * u), [-1.2, 0.8]],
  ["sqrt(u^2)", Math.abs, [-1.2, 0.8]],
  ["(u^2)^0.5 + (u^4)^0.25", (u) => 2 * Math.abs(u), [-1.2, 0.8]],
  ["(1 + u^2)^1.5", (u) => (1 + u * u) ** 1.5, [-1.2, 0.8]],
  ["1/(1 + exp(u))", (u) => logistic(-u), [-1.2, 0.8]],
  ["u/(exp(u) + 1)", (u) => u * logistic(-u), [-1.2, 0.8]],
  ["exp(u)/(1 + exp(u))", logistic, [-1.2, 0.8]],
  ["exp(2*u)/(1 + exp(u))", (u) => Math.exp(2 * u) * logistic(-u), [-1.2, 0.8]],
  ["log(1 + exp(u)) + log1p(exp(3*u))", (u) => Math.log1p(Math.exp(u)) + Math.log1p(Math.exp(3 * u)), [-1.2, 0.8]],
  ["log(exp(u)) + log(exp(u) + 1)", (u) => u + Math.log1p(Math.exp(u)), [-1.2, 0.8]],
  ["log(2 + exp(u)) + log1p(u^2)", (u) => Math.log(2 + Math.exp(u)) + Math.log1p(u * u), [-1.2, 0.8]],
  ["(u - 3)*2*u/(u^2 + 1)", (u) => ((u - 3) * 2 * u) / (u * u + 1), [-1.2, 0.8]],
  ["3*(2*u) - 0*u + u*1 - u/1 + 0/u", (u) => 6 * u, [-1.2, 0.8]],
  ["u*u*(-u) - (0 - u) + (u - 0)", (u) => -(u ** 3) + 2 * u, [-1.2, 0.8]],
  ["max(u, 2 - u)", (u) => Math.max(u, 2 - u), [-1.2, 0.8, 1.7]],
  ["min(u, u^2)", (u) => Math.min(u, u * u), [-1.2, 0.8, 1.7]],
  ["(3 < 4 ? u : -u) + (4 <= 3 ? u : 2*u) + (2 == 2 ? u : 0)", (u) => 4 * u, [-1.2, 0.8]],
  ["(3 <= 3 ? u : 0) + (3 < 3 ? u : 0) + (3 >= 3 ? u : 0) + (3 > 3 ? u : 0)", (u) => 2 * u, [-1.2, 0.8]],
  ["(1 < 2 and 2 < 1 ? u : 3*u) + (1 < 2 or 2 < 1 ? u : 0) + (not (1 < 2) ? 7*u : 0)", (u) => 4 * u, [-1.2, 0.8]],
  ["(p < 1 ? u^2 : u^3) + (p < 0.1 ? 5 : (p > 0.1 ? u : 7))", (u) => u * u + u, [-1.2, 0.8]],
  ["(p < 1 and p > 0.2 ? u : 0) + (p > 1 or p == 0.3 ? u : 0) + (p != 0.3 ? 9 : 0) + (p < 9 ? u : u)", (u) => 3 * u, [-1.2, 0.8]], // prettier-ignore
  ["E(z, u*z^2 + u^2*z + u)", (u) => 2 * u, [-1.2, 0.8]],
  ["E(z, exp(u*z))", (u) => Math.exp(u * u / 2), [-1.2, 0.8]], // prettier-ignore
  ["E(z, relu(z + u))", (u) => u * normalCdf(u) + normalPdf(u), [-1.2, 0.8]],
  ["E(z, max(z, u))", (u) => u * normalCdf(u) + normalPdf(u), [-1.2, 0.8]],
  ["E(z, min(u, 2*z))", (u) => u - u * normalCdf(u / 2) - 2 * normalPdf(u / 2), [-1.2, 0.8]],
  ["E(z, abs(z - u))", (u) => u * (2 * normalCdf(u) - 1) + 2 * normalPdf(u), [-1.2, 0.8]],
  ["E(z, normalCdf(3*z + u))", (u) => normalCdf(u / Math.sqrt(10)), [-1.2, 0.8]],
  ["E(z, E(w, (z + w*u)^4))", (u) => 3 * (1 + u * u) ** 2, [-1.2, 0.8]],
  ["E(z, E(w, relu(z + w*u)))", (u) => Math.sqrt((1 + u * u) / (2 * Math.PI)), [-1.2, 0.8]],
  ["integral(y, 0, u, y^2 + u)", (u) => u ** 3 / 3 + u * u, [0.4, 1.8]],
  ["integral(y, -u, 2*u, exp(y))", (u) => Math.exp(2 * u) - Math.exp(-u), [0.4, 1.8]],
  ["integral(y, 0, inf, exp(-u*y))", (u) => 1 / u, [0.4, 1.8]],
  ["integral(y, -inf, inf, exp(-u*y^2))", (u) => Math.sqrt(Math.PI / u), [0.4, 1.8]],
  ["integral(y, 0, 1, abs(y - u))", (u) => (u * u + (1 - u) ** 2) / 2, [0.3, 0.8]],
  ["root(t, 0, 9, t^3 - u)", Math.cbrt, [0.4, 1.8]],
  ["u*root(t, 0, 9, t + t^3 - 2*u^3)^2", (u) => (u * cubicRoot(2 * u ** 3) ** 2), [0.4, 1.8]], // prettier-ignore
  ["E(z, root(t, -99, 99, t + max(t, 0) - z - u))", (u) => u - 0.5 * (u * normalCdf(u) + normalPdf(u)), [-1.2, 0.8]],
];

/** t + t³ = c */
function cubicRoot(c: number): number {
  let t = 1;
  for (let step = 0; step < 60; step++) t -= (t + t ** 3 - c) / (1 + 3 * t * t);
  return t;
}

const difference = (f: F, x: number, h: number) =>
  (8 * (f(x + h) - f(x - h)) - (f(x + 2 * h) - f(x - 2 * h))) / (12 * h);

describe("exactness: formulas are what they say, and so are their derivatives", () => {
  test.each(FORMULAS)("%s", (formula, f, places) => {
    // The root of u = a + s (f(u) − f(a)) is a, and the slope of its right side there s f′(a).
    const problem = saddlePoint({
      unknowns: { u: { start: 0.5 } },
      parameters: { a: 0, b: 0, s: 0, p: 0.3 },
      where: { f: formula },
      equations: { u: "a + s*(f - b)" },
      observables: { value: "f" },
    });
    for (const a of places) {
      const slope = difference(f, a, 1e-3);
      const s = 0.5 / Math.max(1, Math.abs(slope));
      const found = problem.solve({ a, b: f(a), s });
      expect(Math.abs(found.values["u"]! - a)).toBeLessThan(1e-11 * (1 + Math.abs(a)));
      expect(Math.abs(found.observables["value"]! / f(a) - 1)).toBeLessThan(1e-10);
      expect(Math.abs(found.spectralRadius - Math.abs(s * slope))).toBeLessThan(1e-7);
      expect(found.errorEstimate).toBeLessThan(1e-8);
      expect(found.stable).toBe(true);
    }
  });

  test("functions of large numbers do not overflow", () => {
    const problem = saddlePoint({
      unknowns: { u: { start: 1 } },
      parameters: { a: 1 },
      equations: { u: "a" },
      observables: {
        ...{ plus: "log(1 + exp(u))", minus: "log1p(exp(-u))", share: "1/(1 + exp(u))", other: "exp(u)/(1 + exp(u))" },
        ...{ cosh: "log(cosh(u))", cdf: "log(normalCdf(-u))", back: "log(exp(u))", root: "sqrt((u^2)^1)", e: "e^(-u)" },
      },
    });
    const { observables } = problem.solve({ a: 800 });
    const expected = { plus: 800, minus: 0, share: 0, other: 1, cosh: 800 - Math.LN2, back: 800, root: 800, e: 0 };
    for (const [name, value] of Object.entries(expected)) expect(observables[name]).toBeCloseTo(value, 9);
    // −u²/2 − log(u√(2π)) − 1/u²
    expect(observables["cdf"]! / (-320000 - Math.log(800 * Math.sqrt(2 * Math.PI)) - 800 ** -2)).toBeCloseTo(1, 11);
  });

  test("where a jump moves, the derivative is that of differences", () => {
    const problem = saddlePoint({
      unknowns: { u: { start: 0.2 } },
      parameters: { a: 0.3 },
      equations: { u: "a + 0.5*E(z, (z < u ? 1 : 0)) - 0.5*normalCdf(a)" },
      observables: { step: "E(z, sign(z - u))", both: "E(z, (z > u and z < 1 ? z : 0))" },
    });
    const found = problem.solve();
    expect(found.values["u"]).toBeCloseTo(0.3, 10);
    expect(found.spectralRadius).toBeCloseTo(0.5 * normalPdf(0.3), 5);
    expect(found.observables["step"]).toBeCloseTo(1 - 2 * normalCdf(0.3), 9);
    expect(found.observables["both"]).toBeCloseTo(normalPdf(0.3) - normalPdf(1), 9);
  });
});

describe("laws of searches", () => {
  const magnet = saddlePoint({
    unknowns: { m: { start: 0.5, min: -1, max: 1 } },
    parameters: { b: 1.5, h: 0 },
    equations: { m: "tanh(b*m + h)" },
    freeEnergy: "b*m^2/2 - log(2*cosh(b*m + h))",
  });
  const magnetisation = (b: number) => {
    let m = 1;
    for (let step = 0; step < 500; step++) m = Math.tanh(b * m);
    return m;
  };

  test("all solutions, which are stable, and which has the lowest free energy", () => {
    const found = [...magnet.solutions({ b: 1.5 })].sort((one, other) => one.values["m"]! - other.values["m"]!);
    const m = magnetisation(1.5);
    expect(found.map(({ values }) => values["m"]!.toFixed(9))).toEqual([-m, 0, m].map((x) => (x + 0).toFixed(9)).map((x) => x.replace("-0.000000000", "0.000000000"))); // prettier-ignore
    expect(found.map(({ stable }) => stable)).toEqual([true, false, true]);
    expect(found[1]!.spectralRadius).toBeCloseTo(1.5, 12);
    expect(found[0]!.spectralRadius).toBeCloseTo(1.5 * (1 - m * m), 9);
    expect(found[1]!.freeEnergy).toBeCloseTo(-Math.LN2, 12);
    expect(found[0]!.freeEnergy).toBeLessThan(found[1]!.freeEnergy!);
    expect(found[0]!.freeEnergy).toBeCloseTo(found[2]!.freeEnergy!, 12);
  });

  test("curves in one and two parameters, there and back", () => {
    const bs = [0.5, 0.8, 1.2, 1.6, 2];
    const rows = [...magnet.curve({ sweep: { h: [0.1, 0.4], b: bs } })];
    expect(rows).toHaveLength(10);
    for (const { parameters, ...row } of rows) {
      if (row.status !== "converged") throw new Error(row.detail);
      const m = row.values["m"]!;
      expect(m).toBeGreaterThan(0);
      expect(Math.abs(m - Math.tanh(parameters["b"]! * m + parameters["h"]!))).toBeLessThan(1e-13);
      expect(row.spectralRadius).toBeCloseTo(parameters["b"]! * (1 - m * m), 11);
    }
    const back = [...magnet.curve({ sweep: { b: bs.toReversed() }, parameters: { h: 0.4 } })].toReversed();
    back.forEach((row, i) => {
      if (row.status !== "converged") throw new Error(row.detail);
      const there = rows[5 + i]!;
      expect(row.values["m"]).toBeCloseTo((there as typeof row).values["m"]!, 12);
    });
    // In no field the start is at a stable solution on both sides of the transition.
    for (const row of magnet.curve({ sweep: { b: [0.6, 0.9, 1.3, 1.8] } })) {
      if (row.status !== "converged") throw new Error(row.detail);
      const b = row.parameters["b"]!;
      expect(row.stable).toBe(true);
      expect(row.values["m"]).toBeCloseTo(b > 1 ? magnetisation(b) : 0, 9);
    }
  });

  test("a solution at the end of a range says so", () => {
    const bounded = saddlePoint({
      unknowns: { q: { start: 0.5, min: 0, max: 1 }, r: { start: 0.5 } },
      parameters: { b: 0.5 },
      equations: { q: "tanh(b*q)", r: "q + r/2 + 1" },
    });
    const none = bounded.solve();
    expect(none.values["q"]!).toBeCloseTo(0, 12);
    expect(none.values["r"]!).toBeCloseTo(2, 10);
    expect(none.ends ?? { q: "min" }).toEqual({ q: "min" });
    const failed = saddlePoint({
      unknowns: { q: { start: 0.5, min: 0, max: 1 } },
      equations: { q: "q + 1 + q^2" },
    }).trySolve();
    expect(failed.status).not.toBe("converged");
    const nowhere = saddlePoint({ unknowns: { q: { start: 0.5 } }, equations: { q: "q + 1 + q^2" } }).trySolve();
    expect(nowhere.status).not.toBe("converged");
    const undefinedThere = saddlePoint({
      unknowns: { q: { start: 0.5 } },
      equations: { q: "log(-1 - q^2)" },
    }).trySolve();
    expect(undefinedThere.status).toBe("non-finite");
  });
});
