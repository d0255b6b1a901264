import { describe, expect, test } from "vitest";
import { boundaryFunction } from "../../src/tuning/boundaries.ts";
import { map, optimalRidge, ParameterError, solve, trySolve } from "../../src/index.ts";

const model = { model: "randomFeatures", student: "tanh", target: "sin", labelNoise: 0.1 } as const;
const ratios = [0.3, 0.5, 0.8, 1.3, 2, 3.2, 5];

/** The derivative at 0⁺ of the polynomial through h, 2h, … 8h. */
function slopeFromAbove(at: (value: number) => number, h: number): number {
  const places = Array.from({ length: 8 }, (_, i) => i + 1);
  const slopes = places.map((own) => {
    const others = places.filter((place) => place !== own);
    const base = others.reduce((product, place) => (product * place) / (place - own), 1);
    return -base * others.reduce((sum, place) => sum + 1 / place, 0);
  });
  return places.reduce((sum, place, i) => sum + (slopes[i]! * at(place * h)) / h, 0);
}

describe("map", () => {
  test("cells are what solve gives, and points of contour lines are at their level", () => {
    const options = { x: { sampleRatio: ratios }, y: { widthRatio: ratios }, levels: [0.5, 0.7] };
    const { cells, lines } = map({ ...model, ridge: 0.01 }, options);
    let compared = 0;
    for (const [j, row] of cells.entries()) {
      for (const [i, cell] of row.entries()) {
        const point = { ...model, ridge: 0.01, sampleRatio: ratios[i]!, widthRatio: ratios[j]! };
        if (cell.status !== "converged") continue;
        expect(Math.abs(cell.value / solve(point).testError - 1)).toBeLessThan(1e-11);
        compared++;
      }
    }
    expect(compared).toBe(49);
    const points = lines.flatMap(({ of, lines: pieces }) => pieces.flat().map((at) => ({ level: of as number, at })));
    expect(points.length).toBeGreaterThan(20);
    for (const {
      level,
      at: [sampleRatio, widthRatio],
    } of points) {
      expect(Math.abs(solve({ ...model, ridge: 0.01, sampleRatio, widthRatio }).testError - level)).toBeLessThan(1e-8);
    }
  });

  test("of numbers of the model alone, of many models that share what they average", () => {
    const trained = { model: "trainedNetwork", theory: "srf", student: "tanh", widthRatio: 1.2 } as const;
    const values = Array.from({ length: 9 }, (_, i) => 0.2 * 1.4 ** i);
    for (const own of [
      { target: "tanh", sampleRatio: 2, ridge: 0.01 },
      // Without ridge it matters how fast features freeze: these have all their moments averaged anew.
      { target: "relu", sampleRatio: 0.7, ridge: 0 },
    ]) {
      const description = { ...trained, ...own, labelNoise: 0.1 };
      const { cells, lines } = map(
        { ...description, learningRate: 1, stepSampleRatio: 1 },
        { x: { stepSampleRatio: values }, y: { learningRate: values }, levels: own.ridge > 0 ? [0.3] : [] },
      );
      for (const i of [0, 4, 8]) {
        for (const j of [0, 3, 5, 8]) {
          const cell = cells[j]![i]!;
          const cold = trySolve({ ...description, stepSampleRatio: values[i]!, learningRate: values[j]! });
          expect(cell.status === "converged").toBe(cold.status === "converged");
          if (cell.status !== "converged" || cold.status !== "converged") continue;
          const { testError, errorEstimate } = cold;
          expect(Math.abs(cell.value / testError - 1)).toBeLessThan(1e-14 + errorEstimate + cell.errorEstimate);
          expect(cell.errorEstimate).toBeLessThan(5e-10);
        }
      }
      for (const [stepSampleRatio, learningRate] of lines.flatMap((line) => line.lines.flat())) {
        expect(Math.abs(solve({ ...description, stepSampleRatio, learningRate }).testError - 0.3)).toBeLessThan(1e-8);
      }
      expect(lines.flatMap((line) => line.lines.flat()).length > 5).toBe(own.ridge > 0);
    }
  });

  test("where two descriptions are equally good, and where one beats the best linear predictor", () => {
    const spiked = {
      model: "spikedRandomFeatures",
      student: "tanh",
      target: "sin",
      alignment: 0.9,
      widthRatio: 1,
    } as const;
    const minus = { ...model, labelNoise: 0, widthRatio: 1, ridge: 0.1 } as const;
    const { lines } = map(
      { ...spiked, ridge: 0.1, spikeStrength: 1.5 },
      {
        x: { sampleRatio: ratios },
        y: { ridge: [0.001, 0.01, 0.1, 1] },
        boundaries: ["linearPredictor"],
      },
    );
    const points = lines.flatMap((line) => line.lines.flat());
    expect(points.length).toBeGreaterThan(2);
    for (const [sampleRatio, ridge] of points) {
      const { testError } = solve({ ...spiked, spikeStrength: 1.5, sampleRatio, ridge });
      // h2* − h0*² − h1*² of sin.
      const linear = (1 - Math.exp(-2)) / 2 - Math.exp(-1);
      expect(Math.abs(testError - linear)).toBeLessThan(1e-8);
    }
    const equal = map(
      { ...minus, ridge: 0.01 },
      {
        x: { sampleRatio: ratios },
        y: { labelNoise: [0.01, 0.1, 1] },
        minus: { ...minus, ridge: 0.3 },
        boundaries: ["equal"],
      },
    );
    const crossings = equal.lines.flatMap((line) => line.lines.flat());
    expect(crossings.length).toBeGreaterThan(2);
    for (const [sampleRatio, labelNoise] of crossings) {
      const at = (ridge: number) => solve({ ...minus, ridge, sampleRatio, labelNoise }).testError;
      expect(Math.abs(at(0.01) - at(0.3))).toBeLessThan(1e-8);
    }
  });

  test("of a parameter of the point and one of the model: what the network does beyond its surrogate", () => {
    const step = { model: "trainedNetwork", student: "tanh", target: "sin", learningRate: 1.5, widthRatio: 1 } as const;
    const network = { ...step, labelNoise: 0.1, ridge: 0.1, theory: "network" } as const;
    const surrogate = { ...network, theory: "srf" } as const;
    const ofPoint = { sampleRatio: [0.5, 1, 2] };
    const ofModel = { stepSampleRatio: [0.5, 1, 4] };
    const difference = (sampleRatio: number, stepSampleRatio: number) =>
      solve({ ...network, sampleRatio, stepSampleRatio }).testError -
      solve({ ...surrogate, sampleRatio, stepSampleRatio }).testError;
    const values = ofModel.stepSampleRatio.map((a0) => ofPoint.sampleRatio.map((alpha) => difference(alpha, a0)));
    const level = 0.5 * (Math.min(...values.flat()) + Math.max(...values.flat()));
    for (const flipped of [false, true]) {
      const [x, y] = flipped ? [ofModel, ofPoint] : [ofPoint, ofModel];
      const { cells, lines, quantity } = map(network, { x, y, minus: surrogate, levels: flipped ? [] : [level] });
      expect(quantity).toBe("difference of testError");
      cells.flatMap((row, j) =>
        row.forEach((cell, i) => {
          const expected = flipped ? values[i]![j]! : values[j]![i]!;
          expect(cell.status === "converged" && Math.abs(cell.value - expected) < 1e-11).toBe(true);
        }),
      );
      if (flipped) continue;
      const points = lines[0]!.lines.flat();
      expect(points.length).toBeGreaterThan(1);
      for (const [a, b] of points) expect(Math.abs(difference(a, b) - level)).toBeLessThan(1e-8);
    }
  });

  test("values that no model of these has are refused at once, those illegal together in their cell", () => {
    const [x, y] = [{ sampleRatio: [1, Infinity] }, { widthRatio: [1, Infinity] }];
    const { cells } = map({ ...model, ridge: 0.1 }, { x, y });
    expect(cells.flat().map(({ status }) => status)).toEqual(["converged", "converged", "converged", "refused"]);
    const kinked = { ...model, widthRatio: 1, loss: "absolute" } as const;
    const refused = () => map(kinked, { x: { ridge: [0.1, 1] }, y: x });
    expect(refused).toThrow(expect.objectContaining({ parameter: "y.sampleRatio" }) as Error);
    expect(() => map(kinked, { x: { ridge: 3 as never }, y: { sampleRatio: [1, 2] } })).toThrow("x.ridge = 3");
  });

  test("the interpolation threshold: α = β of nonlinear features, min(β, 1) of linear ones, the rank of covariates", () => {
    const plane = {
      x: { sampleRatio: ratios },
      y: { widthRatio: [0.4, 0.9, 2.1] },
      boundaries: ["interpolation"],
    } as const;
    const thresholds = [
      ["tanh", (beta: number) => beta],
      ["identity", (beta: number) => Math.min(beta, 1)],
    ] as const;
    for (const [student, rank] of thresholds) {
      const points = map({ ...model, student, ridge: 0.1 }, plane).lines.flatMap(({ lines }) => lines.flat());
      expect(points.length).toBeGreaterThan(2);
      for (const [alpha, beta] of points) expect(Math.abs(alpha - rank(beta))).toBeLessThan(1e-8);
      // Without a ridge the training error vanishes up to there.
      const [alpha, beta] = points.at(-1)!;
      const at = (factor: number) =>
        solve({ ...model, student, sampleRatio: factor * alpha, widthRatio: beta, ridge: 0 }).trainError;
      expect([at(0.99) === 0, at(1.01) > 0]).toEqual([true, true]);
    }
    const spectrum = {
      model: "gaussianCovariates",
      eigenvalues: [1, 0.1],
      multiplicities: [20, 30],
      signal: [1, 1],
    } as const;
    const { lines } = map(
      { ...spectrum, ridge: 1 },
      { x: { samples: [20, 40, 80] }, y: { ridge: [0.1, 1] }, boundaries: ["interpolation"] },
    );
    expect(lines[0]!.lines.flat().map(([samples]) => samples.toFixed(8))).toEqual(["50.00000000", "50.00000000"]);
  });

  test("where the best ridge leaves 0, the best of any sign is 0", () => {
    const spectrum = {
      model: "gaussianCovariates",
      eigenvalues: [50, 1],
      multiplicities: [5, 95],
      signal: [200, 0],
    } as const;
    const { lines } = map(
      { ...spectrum, ridge: 1 },
      { x: { samples: [20, 30, 40] }, y: { labelNoise: [1e-3, 0.1, 10] }, boundaries: ["optimalRidge"] },
    );
    const points = lines[0]!.lines.flat();
    expect(points.length).toBeGreaterThan(2);
    for (const [samples, labelNoise] of points) {
      const best = optimalRidge({ ...spectrum, samples, labelNoise }, "anySign");
      expect(Math.abs(best.ridge)).toBeLessThan(1e-8);
    }
  });

  test("where the best learning rate leaves 0, is told by the slope in its square, also where the error jumps at 0", () => {
    const network = {
      model: "trainedNetwork",
      theory: "srf",
      student: "tanh",
      target: "sin",
      widthRatio: 1,
      ridge: 0.1,
      labelNoise: 0.3,
    } as const;
    const { lines } = map(
      { ...network, learningRate: 1 },
      { x: { sampleRatio: [0.7, 2] }, y: { stepSampleRatio: [0.3, 0.6] }, boundaries: ["optimalLearningRate"] },
    );
    const points = lines[0]!.lines.flat();
    expect(points.length).toBeGreaterThan(1);
    for (const [sampleRatio, stepSampleRatio] of points) {
      const at = (square: number) =>
        solve({ ...network, sampleRatio, stepSampleRatio, learningRate: Math.sqrt(square) }).testError;
      expect(Math.abs(slopeFromAbove(at, 0.002))).toBeLessThan(1e-8);
    }
    // Away from the line it is far from 0.
    const away = boundaryFunction("optimalLearningRate", network, undefined, ["sampleRatio", "stepSampleRatio"]);
    expect(Math.abs(away(2, 0.1)!)).toBeGreaterThan(1e-3);
  });

  test("refused points are cells with a reason", () => {
    const { cells } = map({ ...model, ridge: 0 }, { x: { sampleRatio: [0.5, 1] }, y: { widthRatio: [1, 2] } });
    expect(cells[0]![1]).toMatchObject({ status: "refused", message: expect.stringContaining("threshold") as string });
    expect(cells[1]![1]).toMatchObject({ status: "converged" });
  });

  const both = { x: { sampleRatio: [1, 2] }, y: { widthRatio: [1, 2] } };
  test.each([
    ["the same parameter twice", { ...both, y: { sampleRatio: [1, 2] } }, "y"],
    ["values that fall", { ...both, x: { sampleRatio: [2, 1] } }, "x.sampleRatio"],
    ["an unknown parameter", { ...both, x: { depth: [1, 2] } }, "x"],
    ["a level that is no number", { ...both, levels: [NaN] }, "levels"],
    ["an unknown boundary", { ...both, boundaries: ["edge"] }, "boundaries"],
    ["a boundary along its own axis", { ...both, y: { ridge: [0.1, 1] }, boundaries: ["optimalRidge"] }, "boundaries"],
    ["a boundary of a parameter that the model lacks", { ...both, boundaries: ["optimalLearningRate"] }, "boundaries"],
    ["an observable that there is not", { ...both, quantity: "loss" }, "quantity"],
    ["a comparison with nothing", { ...both, boundaries: ["equal"] }, "boundaries"],
  ])("refuses %s", (_name, options, parameter) => {
    const attempt = () => map({ ...model, ridge: 1 }, options as Parameters<typeof map>[1]);
    expect(attempt).toThrow(ParameterError);
    expect(attempt).toThrow(expect.objectContaining({ parameter }) as Error);
  });
});
