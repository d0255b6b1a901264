import { describe, expect, test } from "vitest";
import { QuadratureError } from "../../src/errors.ts";
import { adaptiveTrapezoid, fixedTrapezoid, trapezoidFrom } from "../../src/numerics/adaptiveTrapezoid.ts";
import { adaptGaussianRule, averageOf, gaussianAverage } from "../../src/numerics/gaussianAverage.ts";
import { type AverageOptions, type Integrand, sampleAt } from "../../src/numerics/gaussianRule.ts";
import { normalCdf, normalPdf } from "../../src/numerics/normal.ts";

type Functions = readonly ((z: number) => number)[];
const integrand =
  (functions: Functions): Integrand =>
  (z, out) => {
    functions.forEach((f, c) => (out[c] = f(z)));
  };
const trapezoid = (functions: Functions, options: Partial<AverageOptions> = {}) =>
  adaptiveTrapezoid(integrand(functions), { dimension: functions.length, tolerance: 1e-14, name: "f", ...options });
const stepOf = ({ nodes }: { nodes: Float64Array }) => nodes[1]! - nodes[0]!;

describe("adapted steps", () => {
  test("equidistant nodes, normal weights that sum to 1, values component by component", () => {
    const functions: Functions = [(z) => z * z, Math.tanh, () => 0];
    const { nodes, weights, values, error } = trapezoid(functions)!;
    const step = stepOf({ nodes });
    nodes.forEach((z, i) => {
      expect(z).toBeCloseTo(nodes[0]! + i * step, 12);
      expect(weights[i]! / ((step * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI))).toBeCloseTo(1, 12);
    });
    expect(weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
    expect([...values]).toEqual([...nodes].flatMap((z) => functions.map((f) => f(z))));
    expect(error).toBeLessThan(1e-14);
    expect(error).toBeGreaterThanOrEqual(2 ** -53);
  });

  test("the step is what the sharpest component needs, whichever it is", () => {
    const sharp = (z: number) => Math.tanh(6 * z) ** 2;
    const alone = trapezoid([sharp], { tolerance: 1e-8 })!;
    expect(stepOf(trapezoid([sharp, () => 1], { tolerance: 1e-8 })!)).toBe(stepOf(alone));
    expect(stepOf(trapezoid([() => 0, sharp], { tolerance: 1e-8 })!)).toBe(stepOf(alone));
    expect(stepOf(trapezoid([() => 1])!)).toBeGreaterThan(stepOf(alone));
    expect(stepOf(trapezoid([sharp], { tolerance: 1e-3 })!)).toBeGreaterThan(stepOf(alone));
    expect(alone.error).toBeLessThanOrEqual(1e-8);
    expect(alone.error).toBeGreaterThan(1e-15);
  });

  test("thrift chooses among more steps, never a finer one", () => {
    const widths = [1, 1.5, 2, 2.5, 3, 4, 5, 6];
    const compared = widths.map((a) => {
      const f: Functions = [(z) => Math.tanh(a * z) ** 2];
      return [stepOf(trapezoid(f, { thrifty: true })!), stepOf(trapezoid(f)!)] as const;
    });
    for (const [thrifty, plain] of compared) expect(thrifty).toBeGreaterThanOrEqual(plain - 1e-12);
    expect(compared.some(([thrifty, plain]) => thrifty > 1.2 * plain)).toBe(true);
  });

  test("a kink is beyond the smallest step; the panels take over", () => {
    const kink = integrand([(z) => Math.abs(z - 0.1)]);
    const options = { dimension: 1, tolerance: 1e-14, name: "kink" };
    expect(adaptiveTrapezoid(kink, options)).toBeUndefined();
    const { nodes, weights, values } = adaptGaussianRule(kink, options);
    const average = weights.reduce((sum, w, i) => sum + w * values[i]!, 0);
    expect(average).toBeCloseTo(2 * normalPdf(0.1) + 0.1 * (2 * normalCdf(0.1) - 1), 12);
    expect(nodes.length % 12).toBe(0);
    // Break points choose the panels at once, even for what is smooth.
    expect(adaptGaussianRule(integrand([Math.cos]), { ...options, breakpoints: [0] }).nodes.length % 12).toBe(0);
    expect(stepOf(adaptGaussianRule(integrand([Math.cos]), { ...options, breakpoints: [] }))).toBeCloseTo(0.27, 12);
  });

  test("the ends are cut where nothing counts, and reach as far as something does", () => {
    const ends = (functions: Functions) => {
      const { nodes } = trapezoid(functions)!;
      return [nodes[0]!, nodes.at(-1)!] as const;
    };
    const [low, high] = ends([() => 1]);
    expect(low).toBe(-high);
    expect(high).toBeGreaterThan(8.3);
    expect(high).toBeLessThan(9.2);
    const [left, right] = ends([(z) => Math.exp(8 * z)]);
    expect(right).toBeGreaterThan(16);
    expect(right).toBeLessThan(18);
    // The constant counts, too.
    expect(left).toBeLessThan(-8.3);
    expect(left).toBeGreaterThan(-9.2);
    expect(ends([() => 1, (z) => Math.exp(-8 * z)])[0]).toBeLessThan(-16);
  });

  test("averages of several functions, with the error of the worst", () => {
    const smooth = integrand([() => 1, (z) => z * z, (z) => Math.exp(2 * z), Math.sin]);
    const { value, error } = gaussianAverage(smooth, { dimension: 4, tolerance: 1e-14, name: "f" });
    [1, 1, Math.exp(2), 0].forEach((exact, c) => expect(value[c]).toBeCloseTo(exact, 13));
    expect(error).toBeLessThan(1e-14);
    expect(averageOf((z) => z ** 4, "z⁴")).toBeCloseTo(3, 13);
  });

  test.each([1e-40, 1e40])("averages are homogeneous: %d times as large", (factor) => {
    for (const a of [0.5, 12, -12]) {
      for (const breakpoints of [[], [0]]) {
        const average = averageOf((z) => factor * Math.exp(a * z), "f", breakpoints);
        expect(average / (factor * Math.exp((a * a) / 2))).toBeCloseTo(1, 12);
      }
    }
  });
});

describe("steps for integrands that are like another", () => {
  const like = (a: number): Functions => [(z) => Math.tanh(a * z) ** 2, (z) => Math.cos(a * z)];
  const options = { dimension: 2, tolerance: 1e-10, name: "f", thrifty: true };
  const from = (a: number, step: number, more: Partial<AverageOptions> = {}) =>
    trapezoidFrom(integrand(like(a)), { ...options, ...more }, step);

  test("the rule of the whole choice, from its own step or the one before", () => {
    for (const a of [0.5, 1, 1.7, 2.5, 4, 6]) {
      const chosen = trapezoid(like(a), options)!;
      const again = from(a, stepOf(chosen) * (1 + 1e-12))!;
      for (const name of ["nodes", "weights", "values"] as const) {
        expect(again[name]).toHaveLength(chosen[name].length);
        again[name].forEach((value, i) => expect(value).toBeCloseTo(chosen[name][i]!, 12));
      }
      expect(again.error / chosen.error).toBeCloseTo(1, 1);
    }
  });

  test("a step that is too long, two that are, and one that is shorter than it need be", () => {
    const chosen = trapezoid(like(2.5), options)!;
    expect(stepOf(chosen)).toBeCloseTo(0.1, 12);
    expect(stepOf(from(2.5, 0.14)!)).toBeCloseTo(0.1, 12);
    expect(from(2.5, 0.28)).toBeUndefined();
    const fine = from(1, 0.051)!;
    expect([stepOf(fine), fine.step! / stepOf(fine)].map((x) => +x.toFixed(3))).toEqual([0.05, 1.35]);
    expect(chosen.step).toBeCloseTo(stepOf(chosen), 12);
  });

  test("no longer than what is known of the integrand allows, and none beyond the shortest", () => {
    const resolution = { step: 0.11, resolves: () => true };
    expect(stepOf(from(0.5, 0.28, { resolution })!)).toBeCloseTo(0.1, 12);
    expect(from(0.5, 0.001)).toBeUndefined();
  });
});

describe("fixed steps", () => {
  test("symmetric nodes as far as the reach, one rule for all who ask", () => {
    const rule = fixedTrapezoid(0.3, 9);
    expect(rule.nodes).toHaveLength(61);
    expect(rule.nodes[0]).toBeCloseTo(-9, 12);
    expect(rule.nodes[30]).toBe(0);
    expect(rule.nodes[60]).toBeCloseTo(9, 12);
    expect(rule.weights.reduce((sum, w) => sum + w, 0)).toBeCloseTo(1, 14);
    expect(fixedTrapezoid(0.3, 9)).toBe(rule);
    expect(fixedTrapezoid(0.3, 9.2).nodes).toHaveLength(63);
    expect(fixedTrapezoid(0.25, 9).nodes).toHaveLength(73);
  });

  test("the error estimate is of the size of the error", () => {
    const rule = fixedTrapezoid(0.5, 9.5);
    const { nodes, weights } = rule;
    const fine = fixedTrapezoid(0.01, 9.5);
    for (const steepness of [0.5, 1, 1.5, 2]) {
      const f = (z: number) => 1 / (1 + (steepness * (z - 0.3)) ** 2);
      const average = weights.reduce((sum, w, i) => sum + w * f(nodes[i]!), 0);
      const exact = fine.weights.reduce((sum, w, i) => sum + w * f(fine.nodes[i]!), 0);
      const error = Math.abs(average / exact - 1);
      const estimate = rule.errorOf(nodes.map(f));
      expect(estimate, `${steepness}`).toBeGreaterThan(error / 2);
      expect(estimate, `${steepness}`).toBeLessThan(100 * error);
    }
    expect(rule.errorOf(nodes.map(() => 0))).toBe(0);
  });
});

describe("places of failure", () => {
  const message = (value: number, z: number) => {
    try {
      sampleAt((_, out) => out.set([1, value]), z, new Float64Array(2), "g");
    } catch (error) {
      expect(error).toBeInstanceOf(QuadratureError);
      return (error as Error).message;
    }
    return "none";
  };

  test("in the body any value that is not finite is named", () => {
    expect(message(NaN, 2)).toMatch(/integrand is NaN at z = 2/);
    expect(message(-Infinity, -9.5)).toMatch(/integrand is -Infinity at z = -9.5/);
    expect(message(3, 2)).toBe("none");
  });

  test("far out an infinite value is one that outgrows the weight", () => {
    expect(message(Infinity, 9.6)).toMatch(/no finite moment: .*still at z = 9.6/);
    expect(message(Infinity, -12)).toMatch(/no finite moment/);
    expect(message(NaN, 12)).toMatch(/integrand is NaN at z = 12/);
  });

  test("growth beyond the weight ends at the end of the doubles", () => {
    const growing = (z: number) => Math.exp(0.5 * z * z) / (1 + z * z);
    expect(() => trapezoid([growing])).toThrow(/no finite moment/);
    expect(() => trapezoid([() => 1, (z) => (z < 0 ? growing(z) : 1)])).toThrow(/still at z = -3/);
  });
});
