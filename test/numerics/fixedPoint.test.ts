import { describe, expect, test } from "vitest";
import { type FixedPointProblem, solveFixedPoint } from "../../src/numerics/fixedPoint.ts";

interface Scalar {
  readonly residual: (z: number) => number;
  readonly newton: (z: number) => number;
  readonly reason?: (z: number, evaluation: number) => string | undefined;
}

/** One equation, which records where it is evaluated. */
function scalar({ residual, newton, reason }: Scalar): FixedPointProblem & { readonly visited: number[] } {
  const problem = { residual: new Float64Array(1), newton: new Float64Array(1), visited: [] as number[] };
  return {
    ...problem,
    evaluate(z) {
      problem.visited.push(z[0]!);
      problem.residual[0] = residual(z[0]!);
      problem.newton[0] = newton(z[0]!);
      return reason?.(z[0]!, problem.visited.length);
    },
  };
}

const options = { maxIterations: 50, tolerance: 1e-12, maxStep: 10 };
const cosine = {
  residual: (z: number) => Math.cos(z) - z,
  newton: (z: number) => (Math.cos(z) - z) / (1 + Math.sin(z)),
};
const DOTTIE = 0.7390851332151607;

describe("Newton's method", () => {
  test("finds cos z = z in a few steps, and says how well", () => {
    const problem = scalar(cosine);
    const z = Float64Array.of(1);
    const outcome = solveFixedPoint(problem, z, options);
    expect(outcome).toMatchObject({ status: "converged", iterations: problem.visited.length });
    expect(problem.visited.length).toBeLessThan(6);
    expect(z[0]).toBeCloseTo(DOTTIE, 15);
    if (outcome.status !== "converged") return;
    expect(outcome.residual).toBe(Math.abs(problem.residual[0]!));
    expect(outcome.error).toBe(Math.abs(problem.newton[0]!));
  });

  test("scales a long step down, all entries alike", () => {
    const target = [5, -20];
    const visited: number[][] = [];
    const [residual, newton] = [new Float64Array(2), new Float64Array(2)];
    const evaluate = (z: Float64Array) => {
      visited.push([...z]);
      target.forEach((t, i) => (newton[i] = residual[i] = t - z[i]!));
      return undefined;
    };
    const z = Float64Array.of(0, 0);
    solveFixedPoint({ evaluate, residual, newton }, z, options);
    expect(visited).toEqual([
      [0, 0],
      [2.5, -10],
      [5, -20],
    ]);
    expect([...z]).toEqual([5, -20]);
  });

  test("ends at a residual at rounding, whatever the step", () => {
    const outcome = solveFixedPoint(scalar({ residual: () => 1e-15, newton: () => 1 }), Float64Array.of(0), options);
    expect(outcome).toEqual({ status: "converged", iterations: 1, residual: 1e-15, error: 1 });
  });

  test("ends at a step below the tolerance, whatever the residual", () => {
    const outcome = solveFixedPoint(scalar({ residual: () => -3, newton: () => -1e-12 }), Float64Array.of(0), options);
    expect(outcome).toEqual({ status: "converged", iterations: 1, residual: 3, error: 1e-12 });
  });

  test("says how far it got in too few iterations", () => {
    const problem = scalar({ residual: (z) => 1 - z, newton: (z) => (1 - z) / 2 });
    const outcome = solveFixedPoint(problem, Float64Array.of(0), { ...options, maxIterations: 3 });
    expect(problem.visited).toEqual([0, 0.5, 0.75]);
    expect(outcome).toEqual({
      status: "max-iterations",
      iterations: 3,
      residual: 0.25,
      detail: "residual test not met",
    });
  });
});

describe("where Newton's method fails", () => {
  test("the plain map takes over: from the best point, when a step did not reduce the residual", () => {
    // F(z) = z/2 with steps that lead away.
    const problem = scalar({ residual: (z) => -z / 2, newton: (z) => 3 * z });
    const z = Float64Array.of(1);
    const outcome = solveFixedPoint(problem, z, { ...options, maxIterations: 200 });
    expect(problem.visited.slice(0, 5)).toEqual([1, 4, 0.5, 2, 0.25]);
    expect(outcome.status).toBe("converged");
    expect(Math.abs(z[0]!)).toBeLessThan(2e-11);
  });

  test("the plain map takes over where F cannot be evaluated, whatever the length of its step", () => {
    const problem = scalar({
      residual: (z) => (z > -40 ? -z / 2 : NaN),
      newton: (z) => (z > 15 ? -50 : -z),
      reason: (z) => (z < 0 ? "z is negative" : undefined),
    });
    const z = Float64Array.of(40);
    const outcome = solveFixedPoint(problem, z, { ...options, maxStep: 100 });
    expect(problem.visited).toEqual([40, -10, 20, -30, 10, 0]);
    expect(outcome).toEqual({ status: "converged", iterations: 6, residual: 0, error: 0 });
  });

  test("the plain map takes over where Newton's step is not finite", () => {
    const problem = scalar({ residual: (z) => 1 - z, newton: (z) => (z < 1 ? NaN : 0) });
    const outcome = solveFixedPoint(problem, Float64Array.of(0), options);
    expect(problem.visited).toEqual([0, 1]);
    expect(outcome.status).toBe("converged");
  });

  test("a residual that is not finite is no residual", () => {
    for (const bad of [NaN, Infinity]) {
      const outcome = solveFixedPoint(scalar({ residual: () => bad, newton: () => 0 }), Float64Array.of(0), options);
      expect(outcome).toMatchObject({ status: "non-finite", iterations: 0 });
    }
  });

  test("NaN in any entry counts", () => {
    const residual = Float64Array.of(NaN, 0);
    const problem = { residual, newton: new Float64Array(2), evaluate: () => undefined };
    expect(solveFixedPoint(problem, new Float64Array(2), options).status).toBe("non-finite");
  });

  test("a start where F cannot be evaluated is given back with the reason", () => {
    const problem = scalar({ residual: () => 0, newton: () => 0, reason: () => "far outside" });
    expect(solveFixedPoint(problem, Float64Array.of(0), options)).toEqual({
      status: "non-finite",
      iterations: 0,
      residual: NaN,
      detail: "far outside",
    });
  });

  test("F cannot be evaluated where its plain map leads, either", () => {
    const problem = scalar({ ...cosine, newton: () => 1, reason: (_, n) => (n > 1 ? "left the domain" : undefined) });
    expect(solveFixedPoint(problem, Float64Array.of(0.5), options)).toMatchObject({
      status: "non-finite",
      iterations: 2,
      detail: "left the domain",
    });
  });
});

describe("stagnation", () => {
  /** A residual with a floor: the first evaluation is the best. */
  const floor = (size: number, reason?: Scalar["reason"]) => {
    let evaluation = 0;
    return scalar({
      residual: () => size * (++evaluation === 1 ? 1 : 2),
      newton: () => 1e-6 * (evaluation === 1 ? 1 : 2),
      ...(reason && { reason }),
    });
  };

  test("is accepted below 1e-11, at the best point, with its Newton step for an error", () => {
    const problem = floor(1e-12);
    const z = Float64Array.of(3);
    expect(solveFixedPoint(problem, z, options)).toEqual({
      status: "converged",
      iterations: 2,
      residual: 1e-12,
      error: 1e-6,
    });
    expect(problem.visited).toEqual([3, 3 + 1e-6, 3]);
    expect([...z]).toEqual([3]);
  });

  test("also when the iterations are used up", () => {
    const outcome = solveFixedPoint(floor(1e-12), Float64Array.of(3), { ...options, maxIterations: 1 });
    expect(outcome).toEqual({ status: "converged", iterations: 2, residual: 1e-12, error: 1e-6 });
  });

  test("is not accepted above", () => {
    const outcome = solveFixedPoint(floor(1e-10), Float64Array.of(3), { ...options, maxIterations: 4 });
    expect(outcome.status).toBe("max-iterations");
    expect((outcome as { detail: string }).detail).toMatch(/^residual 2e-10 did not fall below/);
  });

  test("is not accepted if the best point cannot be evaluated again", () => {
    const problem = floor(1e-12, (_, n) => (n === 3 ? "no more" : undefined));
    expect(solveFixedPoint(problem, Float64Array.of(3), options)).toMatchObject({
      status: "diverged",
      iterations: 1,
      residual: 1e-12,
    });
  });
});
