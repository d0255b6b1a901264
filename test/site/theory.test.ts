import { describe, expect, test } from "vitest";
import {
  ConvergenceError,
  curve,
  featureSpectrum,
  learnedFunction,
  learnedSurface,
  solve,
  type TrainedNetwork,
} from "../../src/index.ts";
import { withSwept } from "../../src/curve/sweep.ts";
import { isMultiIndex } from "../../src/multiIndex/description.ts";
import { layOutSurface, surfaceCsv } from "../../docs/explorer/steps/surfaceScene.ts";
import { numberRows } from "../../docs/explorer/numbers.ts";
import { errorsChart, functionsChart } from "../../docs/explorer/pictures.ts";
import { PRESETS } from "../../docs/explorer/presets.ts";
import { DEFAULT_STATE, type ExplorerState, readState, type Request } from "../../docs/explorer/state.ts";
import {
  emptyCache,
  explore,
  exploreNetworkSpectrum,
  exploreSpectra,
  type ExplorerRow,
  type LearnedFunctions,
  THEORIES,
  type TheoryMessage,
  type TheoryName,
} from "../../docs/explorer/theory.ts";

function requestOf(changes: Partial<ExplorerState>): Request {
  const read = readState({ ...DEFAULT_STATE, ...changes });
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read.request;
}

/** The learned function along the first direction. */
function learnedAlong(model: Request["model"]) {
  if (!isMultiIndex(model)) return learnedFunction(model);
  const { solution, given } = learnedSurface(model);
  const first = [1, 0, 0].slice(0, 1 + Number(/x2/.test(model.target)) + Number(/x3/.test(model.target)));
  const alongTarget = (t: readonly number[]) =>
    given(
      [first],
      t.map((x) => [x]),
    );
  return { solution, alongTarget };
}

/** The last message of every kind, and how many there were. */
function collect(messages: Iterable<TheoryMessage | undefined>) {
  const rows: Record<TheoryName, readonly ExplorerRow[]> = { network: [], srf: [] };
  let functions: LearnedFunctions | undefined;
  const errors: TheoryMessage[] = [];
  let count = 0;
  for (const message of messages) {
    if (message) count++;
    if (message?.kind === "curve") rows[message.theory] = message.rows;
    if (message?.kind === "functions") functions = message.functions;
    if (message?.kind === "errors") errors.push(message);
  }
  return { rows, functions, errors, count };
}

describe("what the explorer draws is what the library solves", () => {
  test.each(PRESETS.map(({ title, state }) => [title, state] as const))("%s", (_title, state) => {
    const request = requestOf(state);
    const { rows, functions, errors } = collect(explore(request, emptyCache()));
    expect(errors).toEqual([]);
    for (const theory of THEORIES) {
      const drawn = rows[theory];
      expect(drawn.length).toBeGreaterThanOrEqual(9);
      const xs = drawn.map((row) => row[request.axis]!);
      expect(xs).toEqual([...xs].sort((a, b) => a - b));
      expect([xs[0], xs.at(-1)]).toEqual(request.domain);
      for (const row of drawn.filter((_, i) => i % 9 === 0)) {
        const there = withSwept({ ...request.model, theory }, { [request.axis]: row[request.axis]! });
        const expected = solve(there as TrainedNetwork);
        if (row.status !== "converged") throw new Error(row.message);
        expect(row.testError / expected.testError - 1).toBeCloseTo(0, 8);
        expect(row.trainError / expected.trainError - 1).toBeCloseTo(0, 8);
      }
      const { alongTarget, solution } = learnedAlong({ ...request.model, theory });
      const at = functions!.rows[theory];
      if (at.status !== "converged") throw new Error(at.message);
      expect(at.testError).toBeCloseTo(solution.testError, 9);
      alongTarget([-1.5, 0.3]).forEach((value, i) => {
        expect(functions!.along[theory][0]!.learned![[25, 55][i]!]).toBeCloseTo(value, 8);
      });
    }
  });

  test("the spectrum with the step and without", () => {
    const request = requestOf({});
    const [message] = [...exploreSpectra(request, emptyCache())];
    if (message?.kind !== "spectra") throw new Error("no spectra");
    const { srf, noStep } = message.spectra;
    const expected = featureSpectrum({ ...(request.model as TrainedNetwork), theory: "srf" });
    expect(srf.edges[0]![1]).toBeCloseTo(expected.edges[0]![1], 9);
    expect(srf.outliersPerNeuron[0]).toBeCloseTo(expected.outliersPerNeuron[0]!, 9);
    const plain = featureSpectrum({ model: "randomFeatures", student: "tanh", sampleRatio: 1.5, widthRatio: 1 });
    expect(noStep.edges[0]![1]).toBeCloseTo(plain.edges[0]![1], 8);
  });

  test("the spectrum of the trained network, which is not computed again for another ridge", () => {
    const [request, cache] = [requestOf({ student: "relu" }), emptyCache()];
    const [message] = [...exploreNetworkSpectrum(request, cache)];
    if (message?.kind !== "networkSpectrum") throw new Error("no spectrum");
    const expected = featureSpectrum({ ...(request.model as TrainedNetwork), theory: "network" });
    const surrogate = featureSpectrum({ ...(request.model as TrainedNetwork), theory: "srf" });
    expect(message.spectrum.edges[0]![1]).toBeCloseTo(expected.edges[0]![1], 9);
    expect(Math.abs(message.spectrum.edges[0]![1] / surrogate.edges[0]![1] - 1)).toBeGreaterThan(0.1);
    const [again] = [...exploreNetworkSpectrum(requestOf({ student: "relu", ridge: "1" }), cache)];
    expect(again).toEqual({ kind: "networkSpectrum", spectrum: message.spectrum });
    expect((again as typeof message).spectrum).toBe(message.spectrum);
  });

  test("without a spectrum it says why", () => {
    const request = requestOf({ stepSampleRatio: "-1" });
    const reason = expect.stringContaining("stepSampleRatio = -1") as string;
    expect([...exploreSpectra(request, emptyCache())]).toEqual([{ kind: "noSpectra", reason }]);
    expect([...exploreNetworkSpectrum(request, emptyCache())]).toEqual([{ kind: "noNetworkSpectrum", reason }]);
  });
});

describe("curves grow", () => {
  test("the first message has the coarse grid, later ones keep its points", () => {
    const cache = emptyCache();
    const messages = [...explore(requestOf({}), cache)].filter((message) => message?.kind === "curve");
    const first = messages.find(({ theory }) => theory === "network")!;
    const last = messages.findLast(({ theory }) => theory === "network")!;
    expect(first.rows.length).toBeLessThan(last.rows.length);
    for (const row of first.rows) expect(last.rows).toContain(row);
  });

  test("moving the marked point computes no curve again; another model does", () => {
    const cache = emptyCache();
    const before = collect(explore(requestOf({ sampleRatio: "1.5" }), cache));
    const after = collect(explore(requestOf({ sampleRatio: "2" }), cache));
    expect(after.count).toBeLessThan(5);
    expect(after.rows.network).toEqual(before.rows.network);
    expect(after.functions!.rows.network).not.toEqual(before.functions!.rows.network);
    expect(collect(explore(requestOf({ target: "tanh" }), cache)).count).toBeGreaterThan(10);
  });

  test("bends where the curve does: the interpolation peak is resolved", () => {
    const request = requestOf({ ridge: "0.00001", labelNoise: "0.1", learningRate: "1" });
    const { rows } = collect(explore(request, emptyCache()));
    const drawn = errorsChart(rows, request, [], false).series;
    const peak = Math.max(...drawn[0]!.points.map(({ y }) => y));
    const { model } = request;
    const [row] = curve({ ...model, theory: "srf" }, { sweep: { sampleRatio: [1] } });
    if (row?.status !== "converged") throw new ConvergenceError("diverged", "", 0, {});
    expect(peak).toBeCloseTo(row.testError, 8);
    expect(drawn[0]!.points.filter(({ x }) => x > 0.9 && x < 1.1).length).toBeGreaterThan(8);
  });

  test("illegal values on the axis are gaps, with their reason", () => {
    const request = requestOf({ axis: "learningRate", learningRate: "-1" });
    const { rows, errors } = collect(explore(request, emptyCache()));
    expect(errors).toEqual([]);
    expect(rows.network[0]!.learningRate).toBe(-1);
    const noise = { ...requestOf({ axis: "labelNoise" }), domain: [-1, 1] as const };
    const [first] = collect(explore(noise, emptyCache())).rows.srf;
    expect(first).toMatchObject({ status: "error", message: expect.stringContaining("labelNoise") as string });
  });
});

test("notices are those of the command line", () => {
  for (const message of explore(requestOf({ student: "He2", target: "cos" }), emptyCache())) {
    if (message?.kind !== "functions") continue;
    const { notices } = message.functions;
    expect(notices[0]).toContain("the gradient step makes no spike");
    expect(notices[1]).toContain("learns nothing about it");
    return;
  }
  expect.unreachable();
});

describe("errors are at their fields", () => {
  test.each([
    [{ student: "tanh(y)" }, "student", "unknown symbol"],
    [{ student: "sign" }, "student", "continuous"],
    [{ target: "exp(x^2)" }, "target", "average"],
    [{ ridge: "-1" }, "ridge", "must be"],
    [{ sampleRatio: "0" }, "sampleRatio", "must be"],
    [{ readoutValues: "1, 2", readoutFractions: "0.5, 0.6" }, "readoutFractions", "must be"],
  ])("%o", (state, field, message) => {
    const { errors, count } = collect(explore(requestOf(state), emptyCache()));
    expect(count).toBe(1);
    expect(errors).toEqual([{ kind: "errors", errors: { [field]: expect.stringContaining(message) as string } }]);
  });

  test("several fields that cannot be read", () => {
    const read = readState({ ...DEFAULT_STATE, ridge: "", widthRatio: "1..2", readoutValues: "1,,2" });
    expect(read).toEqual({
      errors: { ridge: "a number is missing", widthRatio: "not a number", readoutValues: "a number is missing" },
    });
  });
});

test("an infinite batch has its functions, an infinite training set its spectrum", () => {
  const { functions, errors } = collect(explore(requestOf({ stepSampleRatio: "inf" }), emptyCache()));
  expect(errors).toEqual([]);
  expect(functionsChart(functions!).series.map(({ label }) => label)).toEqual(["srf", "trained network", "target σ*"]);
  const [message] = [...exploreSpectra(requestOf({ sampleRatio: "inf" }), emptyCache())];
  expect(message?.kind === "spectra" && message.spectra.srf.edges[0]![1]).toBeGreaterThan(0);
});

describe("several steps and directions", () => {
  const step = (learningRate: string, stepSampleRatio: string, reuseBatch = false) => {
    return { learningRate, stepSampleRatio, reuseBatch };
  };
  const two = { target: "x1 + (x1^2 - 1)*x2", learningRate: "2", stepSampleRatio: "inf" } as const;

  test("the learned function in the plane is the library's, and has a picture; the numbers have the spikes", () => {
    const request = requestOf({ ...two, steps: [step("2", "inf")], axis: "ridge" });
    const { functions, errors } = collect(explore(request, emptyCache()));
    expect(errors).toEqual([]);
    const { t, learned, target } = functions!.surface!;
    const model = { ...request.model, theory: "network" } as Parameters<typeof learnedSurface>[0];
    const plane = [
      [1, 0],
      [0, 1],
    ];
    expect(learned[8]![24]).toBeCloseTo(learnedSurface(model).given(plane, [[t[24]!, t[8]!]])[0]!, 9);
    expect(target[8]![24]).toBeCloseTo(t[24]! + (t[24]! ** 2 - 1) * t[8]!, 12);
    const { pictures } = layOutSurface(functions!.surface!, 460);
    for (const { cells, contours } of pictures) {
      expect(cells.length).toBeGreaterThan(4);
      for (const { path } of [...cells, ...contours]) expect(path).not.toContain("NaN");
    }
    expect(surfaceCsv(functions!.surface!).split("\n")).toHaveLength(33 * 33 + 2);
    const chart = functionsChart(functions!);
    expect(chart.series.map(({ label }) => label).slice(0, 2)).toEqual(["learned, along θ₁", "target, along θ₁"]);
    const spikes = numberRows(functions!).find(({ name }) => name === "spikes along θᵢ")!;
    expect(spikes.value("network")).toBe("1.4, −0.408");
  });

  test.each([
    [{ steps: [step("2", "-1")] }, "steps[1].stepSampleRatio", "must be"],
    [{ steps: [step("2", "2", true)] }, "steps[1].reuseBatch", "not derived"],
    [{ steps: [step("2", "3", true)] }, "steps[1].stepSampleRatio", "whose batch is used again"],
    [{ target: "x1 + z" }, "target", "unknown symbol"],
  ])("%o is refused at its field", (state, field, message) => {
    const { errors } = collect(explore(requestOf(state), emptyCache()));
    expect(errors).toMatchObject([{ errors: { [field]: expect.stringContaining(message) as string } }]);
  });

  test("a number that is none is told at its field", () => {
    expect(readState({ ...DEFAULT_STATE, steps: [step("a", "")] })).toEqual({
      errors: { "steps[1].learningRate": "not a number", "steps[1].stepSampleRatio": "a number is missing" },
    });
  });
});
