import { describe, expect, test } from "vitest";
import { activation } from "../../src/activation/activation.ts";
import { stepNumbers } from "../../src/activation/stepNumbers.ts";
import { differentiable } from "../../src/model/gradientStep.ts";
import { rowNorms, slopeMoments } from "../../src/model/rowNorms.ts";
import { featureModel } from "../../src/model/featureModel.ts";
import type { ModelParameters } from "../../src/parameters/description.ts";
import { gaussHermite } from "../../src/numerics/gaussHermite.ts";
import { solveInPlace } from "../../src/numerics/linearAlgebra.ts";
import type { ResolventSolution, WeightResolvent } from "../../src/bulk/weightResolvent.ts";
import { sourcesOf } from "../../src/bulk/weightResolvent.ts";
import { smallPencil } from "./smallPencil.ts";

const network = (fields: object) =>
  ({ model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 2, ...fields }) as ModelParameters;

const MODELS = {
  "odd student": network({ stepSampleRatio: 0.7, labelNoise: 0.2 }),
  relu: network({ student: "relu", target: "x+(x^2-1)/2", stepSampleRatio: 2, labelNoise: 0.1 }),
  "two readout values": network({ student: "relu", stepSampleRatio: 1, readoutValues: [1, -0.5] }),
  "three readout values": network({
    student: "tanh(x)+exp(-x^2/2)/2",
    target: "x+(x^2-1)/2",
    stepSampleRatio: 1,
    readoutValues: [1.5, -1, 0],
    readoutFractions: [0.3, 0.3, 0.4],
    finiteDimension: 700,
  }),
  "infinite batch": network({ student: "relu", stepSampleRatio: Infinity }),
};

const [BETA, LAMBDA] = [0.8, 0.05];

/** Conjugates of a definite V̂1 for K groups, packed. */
function conjugatesFor(K: number): Float64Array {
  const packed: number[] = [];
  for (let k = 0; k < K; k++) for (let l = k; l < K; l++) packed.push(k === l ? 1 + 0.2 * k : 0.3 * (k + l));
  for (let k = 0; k < K; k++) packed.push(0.2 + 0.1 * k);
  return Float64Array.from(packed);
}

function solved(bulk: WeightResolvent, conjugates: Float64Array, near?: ResolventSolution): ResolventSolution {
  const traces = new Float64Array(conjugates.length);
  const solution = bulk.solve({ widthRatio: BETA, ridge: LAMBDA, conjugates, traces, near });
  if (typeof solution === "string") throw new Error(solution);
  return solution;
}

describe.each(Object.entries(MODELS))("resolvent of the bulk, %s", (_, model) => {
  const { problem, bulk } = featureModel(model);
  const sources = sourcesOf(problem.channels, BETA);
  const conjugates = conjugatesFor(problem.groups.length);
  const m = conjugates.length;
  const step = 1e-5;
  const shifted = (a: number, by: number) => conjugates.map((value, b) => (a === b ? value + by : value));

  // Exactness: derivatives against central differences.
  test("linear response of the traces", () => {
    const { response } = solved(bulk, conjugates);
    const size = Math.max(...response.map(Math.abs));
    for (let a = 0; a < m; a++) {
      const [up, down] = [solved(bulk, shifted(a, step)).traces, solved(bulk, shifted(a, -step)).traces];
      for (let b = 0; b < m; b++) {
        const difference = (down[b]! - up[b]!) / (2 * step);
        expect(Math.abs(response[b * m + a]! - difference)).toBeLessThan(1e-8 * size);
        expect(Math.abs(response[b * m + a]! - response[a * m + b]!)).toBeLessThan(1e-12 * size);
      }
    }
  });

  test("derivative of the prior precision", () => {
    const T = sources.length;
    const t = Float64Array.from({ length: T }, (_, i) => Math.sin(1 + 2 * i));
    const energy = (point: Float64Array) => {
      const stiffness = solved(bulk, point).priorPrecision(sources)!.matrix;
      return t.reduce((sum, x, i) => sum + t.reduce((row, z, j) => row + x * stiffness[i * T + j]! * z, 0), 0);
    };
    const differences = Array.from(
      { length: m },
      (_, a) => (energy(shifted(a, step)) - energy(shifted(a, -step))) / (2 * step),
    );
    const derivative = solved(bulk, conjugates).priorPrecision(sources)!.slope(t);
    const size = Math.max(...differences.map(Math.abs));
    differences.forEach((difference, a) => expect(Math.abs(derivative[a]! - difference)).toBeLessThan(1e-7 * size));
  });

  // Law: the solution does not depend on where the iteration starts.
  test("cold and warm starts agree", () => {
    const first = solved(bulk, conjugates);
    const far = solved(
      bulk,
      conjugates.map((value) => 300 * value),
    );
    const again = solved(bulk, conjugates, far);
    first.traces.forEach((value, a) => expect(Math.abs(again.traces[a]! / value - 1)).toBeLessThan(1e-12));
  });

  // Law: a solution is its own; another one changes nothing of it.
  test("nothing of a solution hangs on what is solved after it", () => {
    const first = solved(bulk, conjugates);
    const [traces, response] = [first.traces.slice(), first.response.slice()];
    const precision = solved(bulk, conjugates).priorPrecision(sources)!.matrix.slice();
    solved(bulk, shifted(0, 3), first);
    expect(first.traces).toEqual(traces);
    expect(first.response).toEqual(response);
    expect(first.priorPrecision(sources)!.matrix).toEqual(precision);
  });
});

// Exactness: theory §9 for K = 1, with t = βgV̂1, on a quadrature of its own.
describe.each([
  ["tanh", "tanh", 0, 0.5],
  ["tanh", "sin", 0.3, 2],
  ["relu", "x+(x^2-1)/2", 0.1, 4],
  ["tanh(x)+exp(-x^2/2)/2", "x+(x^2-1)/2", 0.1, 0.7],
] as const)("homogeneous readout, %s learning %s, Δ = %d, α₀ = %d", (name, target, labelNoise, stepSampleRatio) => {
  const student = differentiable(activation(name));
  const numbers = stepNumbers(student, "student");
  const slope = slopeMoments(student, numbers);
  const rate = 2;
  const labels = activation(target);
  const hermite = gaussHermite(labelNoise > 0 ? 41 : 1);
  const points: [number, number, number][] = [];
  for (let s = -10; s <= 10; s += 0.125) {
    hermite.nodes.forEach((e, i) => {
      const weight = (0.125 * hermite.weights[i]! * Math.exp((-s * s) / 2)) / Math.sqrt(2 * Math.PI);
      points.push([s, labels.value(s) + Math.sqrt(labelNoise) * e - numbers.h0, weight]);
    });
  }
  const rule = {
    y: Float64Array.from(points, (point) => point[1]),
    weight: Float64Array.from(points, (point) => point[2]),
    first: Float64Array.from(points, (point) => point[0] * point[2]),
    second: Float64Array.from(points, (point) => point[0] ** 2 * point[2]),
  };
  const norms = rowNorms(rate, numbers.curvature, slope, rule, 1 / stepSampleRatio);
  const tabulated = (values: Float64Array) => {
    const known = new Map(Array.from(rule.y, (y, i) => [y, values[i]!] as const));
    return (y: number) => known.get(y)!;
  };
  const parameters = { model: "trainedNetwork", student: name, target, labelNoise, stepSampleRatio } as const;
  const { problem, bulk } = featureModel({ ...parameters, learningRate: rate });
  const conjugates = conjugatesFor(1);
  const V1hat = conjugates[0]!;
  const solution = solved(bulk, conjugates);
  const [V1, g] = solution.traces as unknown as [number, number];
  const t = BETA * g * V1hat;
  const [a, kappa] = [rate * numbers.curvature, (rate ** 2 * slope.second) / stepSampleRatio];
  const functions = { psi1: tabulated(norms.psi1), chi: tabulated(norms.chi) };
  const pencil = smallPencil({ points, stepSampleRatio, a, kappa, ...functions }, t);

  test("traces", () => {
    expect(Math.abs(V1 * BETA * V1hat - (1 - pencil.trace))).toBeLessThan(1e-11);
    expect(Math.abs(1 / g - LAMBDA - conjugates[1]! - (1 - pencil.trace) / (BETA * g))).toBeLessThan(1e-10);
  });

  test("prior covariance of (θ, ν, ψ)", () => {
    const [vv, vz, zz] = pencil.F;
    const covariance = [
      [(1 - vv) / t, pencil.vq, -vz / t],
      [pencil.vq, norms.strength - t * pencil.qq, pencil.zetaq],
      [-vz / t, pencil.zetaq, (1 - zz) / t],
    ].flat();
    const precision = Float64Array.from([1, 0, 0, 0, 1, 0, 0, 0, 1]);
    const scaled = Float64Array.from(covariance, (value) => value * g);
    solveInPlace(scaled, precision, 3, 3);
    const stiffness = solution.priorPrecision(sourcesOf(problem.channels, BETA))!.matrix;
    const size = Math.max(...precision.map(Math.abs));
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 3; j++) {
        // θ and ψ enter the data term of the effective ridge, ν does not; the coefficients are m, θ, ν, ψ.
        const data = i === j && i !== 1 ? V1hat * BETA : 0;
        const actual = stiffness[(1 + i) * 4 + 1 + j]!;
        expect(Math.abs(actual - (precision[i * 3 + j]! - data))).toBeLessThan(1e-10 * size);
      }
    }
  });
});

test("an unphysical resolvent is refused, and the reason names what failed", () => {
  const { bulk } = featureModel(MODELS["odd student"]);
  const conjugates = Float64Array.from([-30, 0.1]);
  const reason = bulk.solve({ widthRatio: 1, ridge: 0, conjugates, traces: new Float64Array(2) });
  expect(reason).toMatch(/positivity|accretivity/);
});
