import { beforeAll, describe, expect, test } from "vitest";
import {
  gradientSteps,
  learnedFunction,
  learnedSurface,
  type MultiIndexDescription,
  solve,
  type TrainedNetwork,
} from "../../src/index.ts";
import { gaussHermite } from "../../src/numerics/index.ts";
import { multiIndexSolver } from "../../src/multiIndex/solver.ts";
import { referenceCases } from "../fixtures/reference.ts";

const POINT = { sampleRatio: 1.7, widthRatio: 0.9, ridge: 0.05 };
const NETWORK = {
  model: "trainedNetwork",
  student: "tanh(x) + exp(-x^2/2)/2",
  target: "sin(x1) + sin(x1)*sin(x2)/2",
  labelNoise: 0.05,
  ...POINT,
} as const;
const TWO = [
  { learningRate: 1.5, stepSampleRatio: 3 },
  { learningRate: 1, stepSampleRatio: 5 },
] as const;

function relative(a: number, b: number): number {
  return Math.abs(a - b) / Math.max(1e-300, Math.abs(b));
}

function penalty({ sampleRatio, widthRatio, ridge }: typeof POINT, Q2: readonly number[]): number {
  return ((ridge * widthRatio) / sampleRatio) * Q2.reduce((sum, q) => sum + q, 0);
}

describe("one step on one direction is what it was", () => {
  const cases = referenceCases("trainedNetwork").filter(
    ({ student, target }) => student !== "sign" && target !== "sign",
  );

  test.each(cases.map((item, i) => ({ item, i })))("trained network $i", ({ item }) => {
    const { expected, ...fields } = item;
    const description = fields as unknown as TrainedNetwork;
    const { learningRate, stepSampleRatio, ...others } = description;
    const before = solve(description);
    const after = solve({ ...others, steps: [{ learningRate, stepSampleRatio }] } as MultiIndexDescription);
    expect(expected).toBeDefined();
    for (const name of ["testError", "trainError", "objective"] as const) {
      expect(relative(after[name], before[name]), name).toBeLessThan(1e-10);
    }
  });
});

describe("objective = training error + λ(β/α)ΣQ2", () => {
  const models: readonly MultiIndexDescription[] = [
    { ...NETWORK, theory: "srf", steps: TWO },
    { ...NETWORK, steps: TWO, rowNorms: true },
    { ...NETWORK, steps: TWO, rowNorms: false, readoutValues: [1, -0.5] },
    { ...NETWORK, steps: [TWO[0]], readoutValues: [1, -0.5] },
    { ...NETWORK, steps: [{ learningRate: 2, stepSampleRatio: Infinity }] },
  ];
  test.each(models.map((model, i) => ({ model, i })))("model $i", ({ model }) => {
    const { objective, trainError, overlaps, errorEstimate } = solve(model);
    expect(relative(trainError + penalty(POINT, overlaps.Q2), objective)).toBeLessThan(1e-11);
    expect(errorEstimate).toBeLessThan(1e-8);
  });
});

describe("invariances", () => {
  const base: MultiIndexDescription = { ...NETWORK, steps: TWO, rowNorms: true };
  const error = (change: object) => solve({ ...base, ...change } as MultiIndexDescription).testError;
  let unchanged: number;
  beforeAll(() => {
    unchanged = error({});
  });

  test("splitting a group changes nothing", () => {
    expect(relative(error({ readoutValues: [1, 1], readoutFractions: [0.3, 0.7] }), unchanged)).toBeLessThan(1e-10);
  });

  test("rotating the target's directions changes nothing", () => {
    const [c, s] = [0.6, 0.8];
    const [a, b] = [`(${c}*x1 + ${s}*x2)`, `(${c}*x2 - ${s}*x1)`];
    expect(relative(error({ target: `sin(${a}) + sin(${a})*sin(${b})/2` }), unchanged)).toBeLessThan(1e-9);
  });

  test("a direction that the target ignores changes nothing", () => {
    expect(relative(error({ target: "sin(x1) + sin(x1)*sin(x2)/2 + 0*x3" }), unchanged)).toBeLessThan(1e-10);
    const value = ([x]: readonly number[]) => Math.sin(x!);
    expect(relative(error({ target: { value, directions: 2 } }), error({ target: "sin" }))).toBeLessThan(1e-9);
  });

  test("idle steps change nothing and say so", () => {
    const idle = { learningRate: 0, stepSampleRatio: 2 };
    const solution = solve({
      ...base,
      steps: [TWO[0], idle, TWO[1], { learningRate: 1, stepSampleRatio: 0 }],
    } as MultiIndexDescription);
    expect(solution.testError).toBe(unchanged);
    expect((solution as { notices?: readonly string[] }).notices!.slice(0, 2)).toEqual([
      "step 2 has learningRate = 0: it does nothing",
      "step 4 has stepSampleRatio = 0: it does nothing",
    ]);
  });

  test("reversing the target, or the readout of an odd student, changes nothing", () => {
    expect(
      relative(error({ target: "-(sin(x1) + sin(x1)*sin(x2)/2)", student: "tanh" }), error({ student: "tanh" })),
    ).toBeLessThan(1e-11);
    expect(relative(error({ readoutValues: [-1], student: "tanh" }), error({ student: "tanh" }))).toBeLessThan(1e-11);
  });
});

describe("limits", () => {
  test.each([true, false])("the network goes to the form of infinite batches like 1/α_t (row norms %s)", (rowNorms) => {
    const at = (stepSampleRatio: number) =>
      solve({
        ...NETWORK,
        labelNoise: 0,
        rowNorms,
        steps: [1.5, 1].map((learningRate) => ({ learningRate, stepSampleRatio })),
      }).testError;
    const exact = at(Infinity);
    const [far, farther] = [at(1e4), at(1e6)].map((value) => value - exact) as [number, number];
    expect(Math.abs(farther)).toBeLessThan(2e-6 * exact);
    expect(Math.abs(far / farther / 100 - 1)).toBeLessThan(0.02);
  });

  test("a large ridge leaves the mean channels; infinite data stay above the lower bound", () => {
    const heavy = solve({ ...NETWORK, steps: TWO, rowNorms: false, ridge: 1e8 });
    const rich = solve({ ...NETWORK, steps: TWO, rowNorms: false, sampleRatio: Infinity });
    expect(heavy.testError).toBeGreaterThan(rich.testError);
    expect(relative(rich.trainError, rich.testError)).toBeLessThan(1e-9);
    // Row norms that are left out explain nothing.
    const [without, leading] = [false, true].map((rowNorms) => {
      const description: MultiIndexDescription = { ...NETWORK, steps: TWO, rowNorms };
      return multiIndexSolver(description).bounds().lower;
    });
    expect(rich.testError).toBeGreaterThan(without!);
    expect(without! / leading! - 1).toBeGreaterThan(1e-3);
  });

  test("no ridge: the limit of a small one, with and without enough samples", () => {
    for (const sampleRatio of [0.5, 2]) {
      const at = (ridge: number) => solve({ ...NETWORK, theory: "srf", steps: TWO, sampleRatio, ridge }).testError;
      expect(relative(at(1e-9), at(0))).toBeLessThan(1e-6);
    }
  });

  test("Q2 is how the objective grows with the ridge", () => {
    const model = { ...NETWORK, steps: [TWO[0]], rowNorms: true, readoutValues: [1, -0.5] };
    const at = (ridge: number) => solve({ ...model, ridge });
    const h = 1e-4;
    const slope = (at(POINT.ridge + h).objective - at(POINT.ridge - h).objective) / (2 * h);
    const { Q2 } = at(POINT.ridge).overlaps;
    expect(relative(slope, penalty({ ...POINT, ridge: 1 }, Q2))).toBeLessThan(1e-6);
  });
});

describe("spikes of the steps", () => {
  test("a step after another adds to its spike; one step makes the map of one", () => {
    const { spikeAlongTarget, afterSteps } = gradientSteps({ ...NETWORK, steps: TWO });
    expect(afterSteps).toHaveLength(2);
    expect(afterSteps[1]!.spikeAlongTarget).toEqual(spikeAlongTarget);
    expect(afterSteps[0]!.spikeGram).toHaveLength(1);
  });
});

test("what is learned on a plane, averaged over its second axis, is what is learned along the first", () => {
  const step = { learningRate: 2, stepSampleRatio: 4 };
  const { given } = learnedSurface({
    model: "trainedNetwork",
    student: "relu",
    target: "x1+x1*x2/2",
    readoutValues: [1, -0.5],
    steps: [step, step],
    sampleRatio: 4,
    widthRatio: 1,
    ridge: 0.1,
  });
  const plane = [
    [0.6, 0.8],
    [0.8, -0.6],
  ];
  const { nodes, weights } = gaussHermite(60);
  for (const t of [-1.3, 0.4]) {
    const values = given(
      plane,
      Array.from(nodes, (z) => [t, z]),
    );
    const mean = values.reduce((sum, value, i) => sum + weights[i]! * value, 0);
    expect(mean).toBeCloseTo(given([plane[0]!], [[t]])[0]!, 9);
  }
});

test("along the one direction of one step it is the learned function of that model", () => {
  const one = {
    model: "trainedNetwork",
    student: "tanh(x+1)",
    learningRate: 2,
    stepSampleRatio: 1,
    readoutValues: [1, -0.5],
    ...{ sampleRatio: 2, widthRatio: 1, ridge: 0.1, labelNoise: 0.1 },
  } as const;
  const t = [-2, 0.3, 1.7];
  const known = learnedFunction({ ...one, target: "sin(x)" }).alongTarget(t);
  const { given } = learnedSurface({ ...one, target: "sin(x1)" });
  given(
    [[1]],
    t.map((x) => [x]),
  ).forEach((value, i) => expect(value).toBeCloseTo(known[i]!, 10));
  expect(() => given([[2]], [[0]])).toThrow(/directions = .*orthonormal/);
  expect(() => given([[1]], [[NaN]])).toThrow(/points = .*finite/);
});
