import type { SaddlePointDescription } from "../../../src/equations/index.ts";

/** A problem as the library reads it, and as a map of its unknowns written by hand. */
export interface SaddleCase {
  readonly name: string;
  readonly description: SaddlePointDescription;
  readonly map: (unknowns: readonly number[]) => readonly number[];
}

const STEP = 1 / 100;
const WIDTH = 14;

/** E f(z), z ~ N(0, 1), by equidistant nodes: what analytic functions miss falls exponentially. */
function average(f: (z: number) => number): number {
  let sum = 0;
  for (let i = -WIDTH / STEP; i <= WIDTH / STEP; i++) sum += f(i * STEP) * Math.exp(-0.5 * (i * STEP) ** 2);
  return (sum * STEP) / Math.sqrt(2 * Math.PI);
}

/** Random points of four problems whose equations are in every textbook. */
export function randomSaddle(random: () => number): SaddleCase {
  const between = (low: number, high: number) => low + (high - low) * random();
  const kind = Math.floor(4 * random());
  if (kind === 0) {
    const [beta, h] = [between(0.2, 3), between(0.01, 0.5)];
    return {
      name: "Curie and Weiss",
      description: {
        unknowns: { m: { start: 0.9 } },
        parameters: { beta, h },
        equations: { m: "tanh(beta*(m + h))" },
      },
      map: ([m]) => [Math.tanh(beta * (m! + h))],
    };
  }
  if (kind === 1) {
    const [beta, h] = [between(0.2, 2.5), between(0.05, 1)];
    return {
      name: "Sherrington and Kirkpatrick",
      description: {
        unknowns: { q: { start: 0.5, min: 0, max: 1 } },
        parameters: { beta, h },
        equations: { q: "E(z, tanh(beta*(h + sqrt(q)*z))^2)" },
      },
      map: ([q]) => [average((z) => Math.tanh(beta * (h + Math.sqrt(q!) * z)) ** 2)],
    };
  }
  if (kind === 2) {
    const [alpha, T] = [between(0.01, 0.06), between(0.1, 0.4)];
    return {
      name: "Hopfield",
      description: {
        unknowns: { m: { start: 0.95 }, q: { start: 0.95, min: 0, max: 1 } },
        parameters: { alpha, T },
        where: { r: "q/(1 - (1 - q)/T)^2", t: "tanh((m + sqrt(alpha*r)*z)/T)" },
        equations: { m: "E(z, t)", q: "E(z, t^2)" },
      },
      map: ([m, q]) => {
        const field = Math.sqrt(alpha * q!) / Math.abs(1 - (1 - q!) / T);
        const t = (z: number) => Math.tanh((m! + field * z) / T);
        return [average(t), average((z) => t(z) ** 2)];
      },
    };
  }
  const lambda = between(1.05, 8);
  return {
    name: "spiked Wigner matrices",
    description: {
      unknowns: { q: { start: 0.8, min: 0, max: 1 } },
      parameters: { lambda },
      equations: { q: "E(z, tanh(lambda*q + sqrt(lambda*q)*z))" },
    },
    map: ([q]) => [average((z) => Math.tanh(lambda * q! + Math.sqrt(lambda * q!) * z))],
  };
}

/** Newton's method on x − F(x), its derivatives by differences, from a start that is off by a thousandth. */
export function literalSaddle({ map }: SaddleCase, near: readonly number[]): readonly number[] {
  let x = near.map((value) => value * 0.999);
  for (let step = 0; step < 30; step++) {
    const value = map(x);
    const rest = x.map((own, i) => own - value[i]!);
    const jacobian = x.map((_, i) =>
      x.map((_, j) => {
        const h = 1e-6;
        const moved = (sign: number) => map(x.map((other, k) => (k === j ? other + sign * h : other)))[i]!;
        return (i === j ? 1 : 0) - (moved(1) - moved(-1)) / (2 * h);
      }),
    );
    const change = solve2(jacobian, rest);
    x = x.map((own, i) => own - change[i]!);
    if (Math.max(...change.map(Math.abs)) < 1e-15) break;
  }
  return x;
}

/** One or two equations, by Cramer. */
function solve2(A: readonly (readonly number[])[], b: readonly number[]): readonly number[] {
  if (b.length === 1) return [b[0]! / A[0]![0]!];
  const determinant = A[0]![0]! * A[1]![1]! - A[0]![1]! * A[1]![0]!;
  return [(b[0]! * A[1]![1]! - b[1]! * A[0]![1]!) / determinant, (b[1]! * A[0]![0]! - b[0]! * A[1]![0]!) / determinant];
}
