import { describe, expect, test } from "vitest";
import { QuadratureError } from "../../src/errors.ts";
import { adaptivePanels, legendrePanels, PANEL_LENGTH, PANEL_NODES } from "../../src/numerics/adaptivePanels.ts";
import type { AdaptedRule, AverageOptions, Integrand } from "../../src/numerics/gaussianRule.ts";
import { normalCdf } from "../../src/numerics/normal.ts";

type Functions = readonly ((z: number) => number)[];

function panels(functions: Functions, options: Partial<AverageOptions> = {}): AdaptedRule {
  const integrand: Integrand = (z, out) => {
    functions.forEach((f, c) => (out[c] = f(z)));
  };
  return adaptivePanels(integrand, { dimension: functions.length, tolerance: 1e-14, name: "f", ...options });
}

const average = ({ weights, values }: AdaptedRule, dimension = 1, component = 0) =>
  weights.reduce((sum, w, i) => sum + w * values[i * dimension + component]!, 0);
const count = (rule: AdaptedRule) => rule.nodes.length / PANEL_NODES;
const step = (at: number) => (z: number) => (z > at ? 1 : 0);

describe("panels", () => {
  test("ascending nodes, weights that sum to 1, values component by component", () => {
    const functions: Functions = [(z) => z * z, (z) => Math.abs(z - 0.7), () => 0];
    const { nodes, weights, values } = panels(functions, { breakpoints: [0.7] });
    for (let i = 1; i < nodes.length; i++) expect(nodes[i]!).toBeGreaterThan(nodes[i - 1]!);
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
    expect([...values]).toEqual([...nodes].flatMap((z) => functions.map((f) => f(z))));
  });

  test("a jump at a break point costs no further panel: the body in pieces of at most the longest length", () => {
    for (const at of [-3.3, 0, 1.234]) {
      const rule = panels([step(at)], { breakpoints: [at], tolerance: 1e-10 });
      const body = Math.ceil((at + 9.5) / PANEL_LENGTH) + Math.ceil((9.5 - at) / PANEL_LENGTH);
      expect(count(rule)).toBeLessThanOrEqual(body + 1);
      expect(count(rule)).toBeGreaterThanOrEqual(body);
      expect(average(rule)).toBeCloseTo(normalCdf(-at), 14);
      expect(rule.error).toBeLessThan(1e-10);
    }
  });

  test("break points in any order, twice, or far outside make no difference", () => {
    const f: Functions = [(z) => Math.abs(z) + Math.abs(z - 1)];
    const rule = panels(f, { breakpoints: [0, 1] });
    expect(panels(f, { breakpoints: [1, 0, 1, 12, -400] }).nodes).toEqual(rule.nodes);
  });

  test("only panels that are not resolved are split, about the jump", () => {
    const hidden = panels([step(0.123)]);
    expect(average(hidden)).toBeCloseTo(normalCdf(-0.123), 12);
    expect(count(hidden)).toBeGreaterThan(40);
    expect(count(hidden)).toBeLessThan(80);
    const close = [...hidden.nodes].filter((z) => Math.abs(z - 0.123) < 1e-6).length;
    expect(close).toBeGreaterThan(150);
  });

  test("any component that is not resolved splits a panel", () => {
    const alone = count(panels([step(0.123)]));
    for (const functions of [
      [() => 1, step(0.123)],
      [step(0.123), () => 0],
    ]) {
      expect(Math.abs(count(panels(functions)) - alone)).toBeLessThan(6);
    }
  });

  test("a larger tolerance needs fewer panels", () => {
    const needed = [1e-4, 1e-8, 1e-12].map((tolerance) => panels([(z) => 1 / (1 + 900 * z * z)], { tolerance }));
    for (let i = 1; i < needed.length; i++) expect(count(needed[i]!)).toBeGreaterThan(count(needed[i - 1]!));
    for (const [i, tolerance] of [1e-4, 1e-8, 1e-12].entries()) {
      expect(needed[i]!.error).toBeLessThanOrEqual(tolerance);
      expect(Math.abs(average(needed[i]!) / average(needed[2]!) - 1)).toBeLessThan(tolerance + 1e-14);
    }
  });

  test("grow outward as far as the integrand counts, on the side where it does", () => {
    for (const a of [8, -8]) {
      const rule = panels([(z) => Math.exp(a * z)], { breakpoints: [0] });
      expect(average(rule) / Math.exp(32)).toBeCloseTo(1, 12);
      const [low, high] = [rule.nodes[0]!, rule.nodes.at(-1)!];
      expect(Math.sign(a) * (a > 0 ? high : low)).toBeGreaterThan(15);
      expect(-Math.sign(a) * (a > 0 ? low : high)).toBeLessThan(10);
    }
    const both = panels([(z) => Math.cosh(8 * z)], { breakpoints: [0] });
    expect(average(both) / Math.exp(32)).toBeCloseTo(1, 12);
    expect(average(panels([() => 0, (z) => Math.exp(8 * z)]), 2, 1) / Math.exp(32)).toBeCloseTo(1, 12);
  });

  test("what vanishes but for the far tail has an average of zero", () => {
    for (const at of [36, -36]) {
      const rule = panels([(z) => Math.max(0, Math.sign(at) * (z - at))], { breakpoints: [at] });
      expect(average(rule)).toBe(0);
      expect(rule.error).toBe(2 ** -53);
    }
  });
});

describe("error of another function on the same nodes", () => {
  const rule = panels([step(0.3)], { breakpoints: [0.3] });
  const errorOn = (f: (z: number) => number) => rule.errorOf(rule.nodes.map(f));

  test("is small for what the panels resolve, a jump at their edge, too", () => {
    for (const f of [() => 1, Math.sin, step(0.3)]) expect(errorOn(f)).toBeLessThan(1e-12);
    expect(errorOn(() => 0)).toBe(0);
  });

  test("bounds the error of what they do not, and is relative", () => {
    for (const at of [0, 0.9, -1.2]) {
      const f = step(at);
      const estimate = errorOn(f);
      const value = rule.weights.reduce((sum, w, i) => sum + w * f(rule.nodes[i]!), 0);
      expect(estimate).toBeGreaterThan(Math.abs(value / normalCdf(-at) - 1));
      expect(estimate).toBeLessThan(1);
      expect(errorOn((z) => 1e6 * f(z)) / estimate).toBeCloseTo(1, 12);
    }
    expect(errorOn((z) => Math.sin(40 * z))).toBeGreaterThan(0.1);
  });
});

describe("failures", () => {
  const failure = (f: (z: number) => number) => {
    try {
      panels([f]);
    } catch (error) {
      return error as QuadratureError;
    }
    return undefined;
  };

  test("too many panels", () => {
    expect(failure((z) => Math.sin(1e6 * z))?.message).toMatch(/not resolved by 6000 panels/);
  });

  test("a pole, but not an integrable singularity", () => {
    expect(failure((z) => 1 / Math.abs(z - 0.3))?.message).toMatch(/singularity is not integrable \(relative error \d/);
    expect(failure((z) => Math.log(Math.abs(z - 0.3)))).toBeUndefined();
  });

  test("growth without end names where it was given up", () => {
    for (const f of [(z: number) => Math.exp(0.6 * z * Math.abs(z)), (z: number) => Math.exp(-0.6 * z * Math.abs(z))]) {
      const error = failure(f);
      expect(error).toBeInstanceOf(QuadratureError);
      expect(error?.message).toMatch(
        /f: no finite moment: the integrand outgrows the Gaussian weight \(still at z = -?\d/,
      );
    }
  });
});

describe("panels of an interval", () => {
  const integral = (f: (x: number) => number, from: number, to: number, breakpoints: readonly number[] = []) => {
    const integrand: Integrand = (x, out) => {
      out[0] = f(x);
    };
    const rule = legendrePanels(integrand, { from, to, breakpoints, dimension: 1, tolerance: 1e-13, name: "f" });
    return { ...rule, value: average(rule), length: rule.weights.reduce((sum, w) => sum + w, 0) };
  };

  test("integrals with closed forms, within their estimates", () => {
    const cases: readonly [
      f: (x: number) => number,
      from: number,
      to: number,
      value: number,
      breakpoints?: number[],
    ][] = [
      [(x) => 1 / (1 + 25 * x * x), -1, 1, (2 * Math.atan(5)) / 5],
      [Math.exp, -3, 2, Math.exp(2) - Math.exp(-3)],
      [(x) => Math.cos(40 * x), 0, 30, Math.sin(1200) / 40],
      [(x) => Math.abs(x - 0.3), -1, 2, (1.3 ** 2 + 1.7 ** 2) / 2, [0.3, 5]],
      [Math.sqrt, 0, 1, 2 / 3],
      [(x) => 1 / (1e-6 + x * x), -1, 1, 2e3 * Math.atan(1e3)],
      [(x) => x * x, 1e6, 1e6 + 1, 1e12 + 1e6 + 1 / 3],
    ];
    for (const [f, from, to, exact, breakpoints] of cases) {
      const { value, error, length, nodes } = integral(f, from, to, breakpoints);
      expect(length / (to - from)).toBeCloseTo(1, 14);
      expect(nodes[0]).toBeGreaterThan(from);
      expect(nodes.at(-1)).toBeLessThan(to);
      expect(error).toBeLessThan(1e-11);
      // Relative to ∫|f|, which for the cosine is 2/π of the interval.
      const size = Math.max(Math.abs(exact), (2 / Math.PI) * (f(0) === 1 && to === 30 ? 30 : 0));
      expect(Math.abs(value - exact)).toBeLessThan((error + 1e-14) * size);
    }
    expect(cases.length).toBe(7);
  });

  test("what is not finite, not resolved or no interval is refused by name", () => {
    expect(() => integral((x) => 1 / (x - 20.5), 20, 21)).toThrow(QuadratureError);
    expect(() => integral((x) => (x > 20 ? Infinity : 0), 0, 40)).toThrow(/integrand is Infinity at/);
    for (const [from, to] of [
      [1, 1],
      [2, 1],
      [0, Infinity],
      [NaN, 1],
    ] as const) {
      expect(() => integral((x) => x, from, to)).toThrow(/legendrePanels: from = .* legal −∞ < from < to < ∞/);
    }
  });
});
