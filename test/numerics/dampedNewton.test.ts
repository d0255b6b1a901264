import { describe, expect, test } from "vitest";
import { type DampedProblem, dampedNewton } from "../../src/numerics/dampedNewton.ts";

interface Scalar {
  readonly residual: (u: number) => number;
  readonly newton: (u: number) => number;
  readonly sweep?: (u: number) => number;
  readonly reason?: (u: number, evaluation: number) => string | undefined;
}

/** One equation, which records where it is evaluated. */
function scalar({
  residual,
  newton,
  sweep = residual,
  reason,
}: Scalar): DampedProblem & { readonly visited: number[] } {
  const problem = {
    residual: new Float64Array(1),
    newton: new Float64Array(1),
    sweep: new Float64Array(1),
    visited: [] as number[],
    sizeOf: (step: Float64Array) => Math.abs(step[0]!),
  };
  return {
    ...problem,
    evaluate(u) {
      problem.visited.push(u[0]!);
      problem.residual[0] = residual(u[0]!);
      problem.newton[0] = newton(u[0]!);
      problem.sweep[0] = sweep(u[0]!);
      return reason?.(u[0]!, problem.visited.length);
    },
  };
}

const options = { maxEvaluations: 60, tolerance: 1e-12, maxStep: 4 };
const distance = (visited: readonly number[], expected: readonly number[]) =>
  Math.max(...expected.map((u, i) => Math.abs(visited[i]! - u)));

describe("Newton's method", () => {
  test("ends at a step below the tolerance, which is still taken", () => {
    const problem = scalar({ residual: (u) => u * u - 2, newton: (u) => (2 - u * u) / (2 * u) });
    const u = Float64Array.of(2);
    const outcome = dampedNewton(problem, u, options);
    expect(outcome).toMatchObject({ status: "converged", evaluations: problem.visited.length });
    expect(problem.visited.length).toBeLessThan(8);
    expect(u[0]).toBeCloseTo(Math.SQRT2, 15);
    if (outcome.status !== "converged") return;
    expect(outcome.error).toBe(Math.abs(problem.newton[0]!));
    expect(outcome.residual).toBe(Math.abs(problem.residual[0]!));
    expect(dampedNewton(scalar({ residual: () => 1, newton: () => 1e-12 }), u, options)).toEqual({
      status: "converged",
      evaluations: 1,
      residual: 1,
      error: 1e-12,
    });
  });

  test("ends at a residual at rounding, whatever the step", () => {
    const outcome = dampedNewton(scalar({ residual: () => 1e-15, newton: () => NaN }), Float64Array.of(0), options);
    expect(outcome).toEqual({ status: "converged", evaluations: 1, residual: 1e-15, error: 1e-15 });
  });

  test("shortens a long step, and a step that does not reduce the residual enough", () => {
    const long = scalar({ residual: (u) => u - 10, newton: (u) => 10 - u });
    dampedNewton(long, Float64Array.of(0), options);
    expect(long.visited).toEqual([0, 4, 8, 10]);
    // Steps five times too long: 0.3 of them still overshoot, 0.09 of them do not.
    const overshooting = scalar({ residual: (u) => 1 - u, newton: (u) => 5 * (1 - u) });
    dampedNewton(overshooting, Float64Array.of(0), { ...options, maxStep: 5, maxEvaluations: 3 });
    expect(distance(overshooting.visited, [0, 5, 1.5])).toBeLessThan(1e-15);
  });

  test("a step of scale s has to reduce the residual by a fifth of s", () => {
    for (const [reached, next] of [
      [0.79, 2],
      [0.81, 0.3],
    ] as const) {
      const problem = scalar({ residual: (u) => (u === 0 ? 1 : u === 1 ? reached : 1e-3), newton: () => 1 });
      dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 3 });
      expect(problem.visited[2]).toBeCloseTo(next, 12);
    }
  });

  test("a step where the equations cannot be evaluated is shortened, too", () => {
    const problem = scalar({
      residual: (u) => 1 - u,
      newton: (u) => (u === 0 ? 2 : 1 - u),
      reason: (u) => (u > 1 ? "beyond 1" : undefined),
    });
    const u = Float64Array.of(0);
    expect(dampedNewton(problem, u, options).status).toBe("converged");
    expect(distance(problem.visited, [0, 2, 0.6, 1])).toBeLessThan(1e-15);
    expect(u[0]).toBe(1);
  });
});

describe("plain sweeps", () => {
  test("take over where no Newton step helps, three at first, with a factor that grows", () => {
    const problem = scalar({ residual: (u) => 1 - u, newton: () => -1 });
    dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 8 });
    // Four failed steps, then sweeps of factor 0.75, 1, ….
    expect(distance(problem.visited, [0, -1, -0.3, -0.09, -0.027, 0.75, 1])).toBeLessThan(1e-15);
  });

  test("halve their factor where residuals turn around", () => {
    const problem = scalar({ residual: (u) => 3 * (1 - u), newton: () => 100 });
    const u = Float64Array.of(0);
    const outcome = dampedNewton(problem, u, { ...options, maxEvaluations: 200 });
    // Factors 0.75, then half of it at each change of sign.
    expect(distance(problem.visited, [0, 2.25, 2.25 - 0.375 * 3.75])).toBeLessThan(1e-15);
    expect(outcome.status).toBe("converged");
    expect(u[0]).toBeCloseTo(1, 14);
  });

  test("a factor never falls below a tenth", () => {
    // Turns around at every step.
    let sign = -1;
    const problem = scalar({ residual: () => 1, newton: () => 100, sweep: () => (sign = -sign) });
    dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 12 });
    const steps = problem.visited.slice(1).map((u, i) => Math.abs(u - problem.visited[i]!));
    expect(distance(steps, [0.75, 0.375, 0.1875, 0.1, 0.1, 0.1])).toBeLessThan(1e-15);
  });

  test("are tried for twice as many steps after every failure", () => {
    const problem = scalar({ residual: (u) => 1e6 - u, newton: () => -1, sweep: () => 1 });
    dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 40 });
    const back = problem.visited.flatMap((u, i) => (i > 0 && u === problem.visited[i - 1]! - 1 ? [i] : []));
    // 1 start, 4 tries, 3 sweeps, 4 tries, 6 sweeps, 4 tries, 12 sweeps, ….
    expect(back).toEqual([1, 8, 18, 34]);
  });

  test("are shortened to the longest step", () => {
    const problem = scalar({ residual: (u) => 100 - u, newton: () => 100 });
    dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 4 });
    expect(distance(problem.visited, [0, 3, 7, 11])).toBeLessThan(1e-14);
  });

  test("take over from a Newton step that is many times too long", () => {
    for (const [newton, next] of [
      [12, 4],
      [12.1, 0.75],
    ] as const) {
      const problem = scalar({ residual: (u) => 1 / (1 + u), newton: () => newton, sweep: () => 1 });
      dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 2 });
      expect(problem.visited[1]).toBe(next);
    }
  });

  test("the direction of the sweeps decides over all unknowns whether they turn", () => {
    const [residual, newton, sweep] = [Float64Array.of(1, 1), Float64Array.of(100, 100), new Float64Array(2)];
    const visited: number[] = [];
    let evaluation = 0;
    const evaluate = (u: Float64Array) => {
      visited.push(u[0]!);
      sweep.set(evaluation++ % 2 === 0 ? [1, 2] : [-1, 2]);
      return undefined;
    };
    const sizeOf = (step: Float64Array) => Math.max(...step.map(Math.abs));
    dampedNewton({ residual, newton, sweep, evaluate, sizeOf }, new Float64Array(2), { ...options, maxEvaluations: 3 });
    expect(visited).toEqual([0, 0.75, -0.25]);
  });
});

describe("failures", () => {
  test("a start that cannot be evaluated", () => {
    const problem = scalar({ residual: () => 0, newton: () => 0, reason: () => "outside" });
    expect(dampedNewton(problem, Float64Array.of(0), options)).toEqual({
      status: "non-finite",
      evaluations: 1,
      residual: NaN,
      detail: "outside",
    });
  });

  test("a sweep that is not finite, or leads where nothing can be evaluated", () => {
    const infinite = scalar({ residual: () => 1, newton: () => NaN, sweep: () => Infinity });
    expect(dampedNewton(infinite, Float64Array.of(0), options)).toEqual({
      status: "diverged",
      evaluations: 1,
      residual: 1,
      detail: "a sweep is not finite",
    });
    const outside = scalar({ residual: () => 1, newton: () => NaN, reason: (u) => (u > 0 ? "u > 0" : undefined) });
    expect(dampedNewton(outside, Float64Array.of(0), options)).toEqual({
      status: "diverged",
      evaluations: 2,
      residual: NaN,
      detail: "u > 0",
    });
  });

  test("too few evaluations say what is left", () => {
    const problem = scalar({ residual: () => 0.125, newton: () => 100 });
    expect(dampedNewton(problem, Float64Array.of(0), { ...options, maxEvaluations: 5 })).toEqual({
      status: "max-iterations",
      evaluations: 5,
      residual: 0.125,
      detail: "residual 1.25e-1 left",
    });
  });
});

describe("stagnation", () => {
  const stuck = (residual: number, step: number, reason?: Scalar["reason"]) =>
    scalar({ residual: (u) => (u === 3 ? residual : 1), newton: () => step, ...(reason && { reason }) });

  test("is accepted where residual and Newton step are small, at the point before the step", () => {
    const problem = stuck(1e-9, 1e-9);
    const u = Float64Array.of(3);
    expect(dampedNewton(problem, u, options)).toEqual({
      status: "converged",
      evaluations: 6,
      residual: 1e-9,
      error: 1e-9,
    });
    expect([...u]).toEqual([3]);
    expect(problem.visited.at(-1)).toBe(3);
  });

  test.each([
    ["a large residual", 1e-7, 1e-9],
    ["a large step", 1e-9, 1e-7],
  ])("is not accepted with %s", (_, residual, step) => {
    const outcome = dampedNewton(stuck(residual, step), Float64Array.of(3), { ...options, maxEvaluations: 10 });
    expect(outcome.status).not.toBe("converged");
  });

  test("is not accepted if the point cannot be evaluated again", () => {
    const problem = stuck(1e-9, 1e-9, (_, n) => (n === 6 ? "no more" : undefined));
    expect(dampedNewton(problem, Float64Array.of(3), { ...options, maxEvaluations: 9 }).status).toBe("max-iterations");
  });
});
