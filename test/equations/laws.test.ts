import { describe, expect, test } from "vitest";
import { saddlePoint, type SaddlePointDescription } from "../../src/equations/index.ts";
import { fromCatalogue } from "./problems.ts";

const hopfield: SaddlePointDescription = {
  unknowns: { m: { start: 0.9 }, q: { start: 0.9, min: 0, max: 1 } },
  parameters: { alpha: 0.05, T: 0.2 },
  where: { beta: "1/T", r: "q/(1 - beta*(1 - q))^2", t: "tanh(beta*(m + sqrt(alpha*r)*z))" },
  equations: { m: "E(z, t)", q: "E(z, t^2)" },
};

/** Σ f(z) φ(z)/20 from −12 to 12: the average of an analytic function, on a grid that the library does not use. */
function averageOnFineGrid(f: (z: number) => number): number {
  let sum = 0;
  for (let i = -240; i <= 240; i++) sum += (f(i / 20) * Math.exp(-(i * i) / 800)) / (20 * Math.sqrt(2 * Math.PI));
  return sum;
}

describe("laws: the way in which equations are written changes nothing", () => {
  const { m, q } = saddlePoint(hopfield).solve().values;

  test.each<[string, SaddlePointDescription, readonly [string, string]]>([
    [
      "other names",
      {
        unknowns: { order: { start: 0.9 }, glass: { start: 0.9, min: 0, max: 1 } },
        parameters: { load: 0.05, temperature: 0.2 },
        where: {
          b: "1/temperature",
          noise: "glass/(1 - b*(1 - glass))^2",
          spin: "tanh(b*(order + sqrt(load*noise)*x))",
        },
        equations: { order: "E(x, spin)", glass: "E(x, spin^2)" },
      },
      ["order", "glass"],
    ],
    [
      "no definitions",
      {
        ...{ unknowns: hopfield.unknowns, parameters: hopfield.parameters! },
        equations: {
          m: "E(z, tanh((m + sqrt(alpha*q)/(1 - (1 - q)/T)*z)/T))",
          q: "E(u, tanh((m + sqrt(alpha*q)/(1 - (1 - q)/T)*u)/T)^2)",
        },
      },
      ["m", "q"],
    ],
    [
      "a function",
      {
        ...{ unknowns: hopfield.unknowns, parameters: hopfield.parameters! },
        equations: ({ m: order, q: glass }, { alpha, T }, { E }) => {
          const width = Math.sqrt(alpha! * glass!) / (1 - (1 - glass!) / T!);
          const spin = (z: number) => Math.tanh((order! + width * z) / T!);
          return { m: E(spin), q: E((z) => spin(z) ** 2) };
        },
      },
      ["m", "q"],
    ],
  ])("%s", (_name, description, [first, second]) => {
    const { values, errorEstimate } = saddlePoint(description).solve();
    expect(Math.abs(values[first]! - m!)).toBeLessThan(1e-12);
    expect(Math.abs(values[second]! - q!)).toBeLessThan(1e-12);
    expect(errorEstimate).toBeLessThan(1e-11);
  });

  test("every solution satisfies its equations on a finer grid", () => {
    const [alpha, T] = [0.1, 0.2];
    const solutions = saddlePoint(hopfield).solutions({ alpha, T });
    expect(solutions.length).toBeGreaterThanOrEqual(3);
    for (const { values, errorEstimate } of solutions) {
      const width = Math.sqrt(alpha * values["q"]!) / (1 - (1 - values["q"]!) / T);
      const spin = (z: number) => Math.tanh((values["m"]! + width * z) / T);
      const allowed = 1e-11 + 10 * errorEstimate;
      expect(Math.abs(averageOnFineGrid(spin) - values["m"]!)).toBeLessThan(allowed);
      expect(Math.abs(averageOnFineGrid((z) => spin(z) ** 2) - values["q"]!)).toBeLessThan(allowed);
    }
  });

  test("a fold agrees with a scan", () => {
    const { description, branch } = fromCatalogue("hopfield-zero-temperature");
    const problem = saddlePoint(description);
    const found = problem.branch(branch!);
    if (found.status !== "converged") throw new Error(found.detail);
    const fold = found.events.find(({ kind }) => kind === "fold")!.parameters["alpha"]!;
    const retrieves = (alpha: number) => {
      const [row] = problem.curve({ sweep: { alpha: [alpha] } });
      return row?.status === "converged" && row.values["m"]! > 0.5;
    };
    for (const distance of [1e-3, 1e-5]) {
      expect(retrieves(fold - distance)).toBe(true);
      expect(retrieves(fold + distance)).toBe(false);
    }
  });

  test("errors of a function's averages are in the estimate", () => {
    // Without its break point named, |z − .337| is resolved by bisection alone.
    const kinked = saddlePoint({
      unknowns: { x: { start: 0.6 } },
      equations: (_unknowns, _parameters, { E }) => ({ x: E((z) => Math.abs(z - 0.337)) }),
    }).solve();
    const exact = saddlePoint({ unknowns: { x: { start: 0.6 } }, equations: { x: "E(z, abs(z - 0.337))" } }).solve();
    expect(kinked.errorEstimate).toBeGreaterThan(0);
    expect(Math.abs(kinked.values["x"]! - exact.values["x"]!)).toBeLessThanOrEqual(
      kinked.errorEstimate + exact.errorEstimate,
    );
  });
});
