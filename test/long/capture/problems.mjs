// Random problems of every model, command and loss, the same for every build: what `capture.mjs` freezes and compares.
import { readdirSync, readFileSync } from "node:fs";

const REFERENCE = new URL("../../fixtures/reference/", import.meta.url);
const STUDENTS = ["tanh", "relu", "erf", "sin", "softplus", "tanh(3*x)", "gelu", "x^2-1", "tanh(x)+exp(-x^2/2)/2"];
const TARGETS = ["tanh", "sin", "sign", "relu", "x+(x^2-1)/2", "sin(2*x)", "x + cos(3*x)", "identity"];

/** Uniform numbers in [0, 1) from a seed: mulberry32. */
function uniform(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), state | 1);
    t = (t + Math.imul(t ^ (t >>> 7), t | 61)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Draws of one problem. */
function draws(seed) {
  const random = uniform(seed);
  const between = (low, high) => low + (high - low) * random();
  const logarithmic = (low, high) => Math.exp(between(Math.log(low), Math.log(high)));
  const pick = (values) => values[Math.floor(random() * values.length)];
  return { random, between, logarithmic, pick };
}

function readout({ between, pick }, largest) {
  const K = pick([1, 1, 2, 3, largest]);
  const raw = Array.from({ length: K }, () => between(0.2, 1));
  const total = raw.reduce((sum, value) => sum + value, 0);
  return {
    readoutValues: Array.from({ length: K }, (_, k) => (1 - (2 * k) / 3) * between(0.8, 1.2)),
    readoutFractions: raw.map((value) => value / total),
  };
}

function common(draw) {
  const { random, between, logarithmic, pick } = draw;
  // Half of the points are ordinary, half as far out as the audit's; some are limits.
  const far = random() < 0.5;
  const sampleRatio = far ? logarithmic(1e-3, 1e3) : logarithmic(0.2, 5);
  return {
    student: pick(STUDENTS),
    target: pick(TARGETS),
    labelNoise: pick([0, between(0, 0.5), logarithmic(1e-4, 1)]),
    sampleRatio: random() < 0.05 ? "inf" : sampleRatio,
    widthRatio: random() < 0.1 ? sampleRatio : far ? logarithmic(1e-3, 1e3) : logarithmic(0.2, 5),
    ridge: random() < 0.1 ? 0 : far ? logarithmic(1e-14, 1e6) : logarithmic(1e-5, 10),
    ...(random() < 0.2 && { finiteDimension: logarithmic(50, 5000) }),
  };
}

const alignment = ({ between, pick }) => pick([0, 1, -1, between(-1, 1), between(-1, 1), between(-1, 1)]);

const MODELS = {
  randomFeatures: (draw) => ({ ...common(draw), bulkVariance: draw.logarithmic(0.3, 3) }),
  spikedRandomFeatures: (draw) => ({
    ...common(draw),
    ...readout(draw, 5),
    spikeStrength: draw.pick([0, draw.between(0, 3), draw.between(0, 3), draw.logarithmic(0.01, 50)]),
    alignment: alignment(draw),
    bulkVariance: draw.logarithmic(0.3, 3),
    rows: draw.pick(["equal", "gaussian"]),
  }),
  trainedNetwork: (draw) => ({
    ...common(draw),
    ...readout(draw, 2),
    learningRate: draw.between(-3, 3),
    stepSampleRatio: draw.pick([draw.logarithmic(0.3, 10), draw.logarithmic(0.01, 1e6), "inf"]),
    theory: draw.pick(["network", "network", "srf"]),
    rowNorms: draw.pick([true, true, false]),
  }),
  smallRate: (draw) => ({
    ...common(draw),
    spikeStrength: draw.between(0, 3),
    alignment: alignment(draw),
    bulkVariance: draw.logarithmic(0.3, 3),
  }),
  powerChannels: (draw) => ({
    ...common(draw),
    powerChannels: draw.pick([[1], [2], [1, 2], [1, 2, 3]]),
    alignment: alignment(draw),
    bulkVariance: draw.logarithmic(0.3, 3),
  }),
};

function problem(model, seed, ordinary = false) {
  const draw = draws(seed);
  const made = { model, ...MODELS[model](draw) };
  if (!ordinary) return made;
  const point = {
    sampleRatio: draw.logarithmic(0.3, 4),
    widthRatio: draw.logarithmic(0.3, 3),
    ridge: draw.logarithmic(1e-4, 1),
  };
  return { ...made, ...point };
}

const without = (object, name) => Object.fromEntries(Object.entries(object).filter(([key]) => key !== name));

const range = (count, f) => Array.from({ length: count }, (_, i) => f(i));

/** A curve over the sample ratio: warm starts, and grids that are refined on the way. */
function sweep(model, seed) {
  const base = problem(model, seed, true);
  return range(12, (i) => ({ ...base, sampleRatio: 0.2 * 1.4 ** i }));
}

function lossProblem(seed) {
  const draw = draws(seed);
  const model = draw.pick(["randomFeatures", "spikedRandomFeatures", "smallRate", "trainedNetwork"]);
  const base = problem(model, seed + 1e6, true);
  if (base.readoutValues && base.readoutValues.length > 2) {
    Object.assign(base, { readoutValues: base.readoutValues.slice(0, 2), readoutFractions: [0.4, 0.6] });
  }
  const ridge = draw.random() < 0.15 ? 0 : base.ridge;
  const margin = {
    target: "sign",
    loss: draw.pick(["logistic", "hinge", "squaredHinge"]),
    labelFlips: draw.pick([0, 0.1]),
  };
  const residual = { loss: draw.random() < 0.2 ? "square" : { huber: draw.between(0.2, 2) } };
  return { ...base, ridge, ...(draw.random() < 0.6 ? margin : residual) };
}

/** Cases of the reference files, without what they expect. */
function referenceCases() {
  return readdirSync(REFERENCE)
    .filter((file) => file.endsWith(".json"))
    .flatMap((file) => {
      const { cases } = JSON.parse(readFileSync(new URL(file, REFERENCE), "utf8"));
      return cases.map((item) => without(item, "expected"));
    })
    .filter(({ model }) => model !== undefined);
}

const spectral = (seed) => {
  const rest = problem(["randomFeatures", "spikedRandomFeatures", "trainedNetwork", "smallRate"][seed % 4], seed, true);
  const K = rest.readoutValues?.length ?? 1;
  const few = K > 2 ? { ...rest, readoutValues: [1, -0.5], readoutFractions: [0.4, 0.6] } : rest;
  return without(few, "ridge");
};

/** JSON cases by command; `scale` multiplies their number. */
export function jsonProblems(scale = 1) {
  const count = (n) => Math.max(1, Math.round(n * scale));
  const names = Object.keys(MODELS);
  return {
    solve: [
      ...referenceCases(),
      ...names.flatMap((model, m) =>
        range(count(model === "trainedNetwork" ? 120 : 300), (i) => problem(model, 1000 * m + i)),
      ),
      ...names.flatMap((model, m) => range(count(3), (i) => sweep(model, 77_000 + 100 * m + i)).flat()),
      ...range(count(80), (i) => lossProblem(500_000 + i)),
    ],
    function: range(count(50), (i) => ({
      ...problem(names[i % names.length], 20_000 + i, true),
      t: [-2, -0.5, 0, 1, 3],
      kappa: [-1, 0, 2],
    })),
    bounds: range(count(80), (i) => problem(names[i % names.length], 30_000 + i, true)),
    // Of a step that is neither weak nor strong: the density of others may take minutes.
    weights: range(2, (i) => {
      const step = { ...problem("trainedNetwork", 40_000 + i, true), student: "tanh", target: "sin", labelNoise: 0.1 };
      const one = {
        readoutValues: [1],
        readoutFractions: [1],
        learningRate: 1,
        widthRatio: 0.7,
        stepSampleRatio: 1 + i,
      };
      return { ...step, ...one, points: 20 };
    }),
    spectrum: [
      ...range(count(24), (i) => ({
        ...spectral(50_000 + i),
        z: [
          [0.5, 0.1],
          [2, 0.01],
          [0.1, 1],
        ],
      })),
      ...range(count(4), (i) => ({ ...spectral(60_000 + i), points: 30 })),
    ],
  };
}

/** Command lines of simulations, each with one seed. */
export function simulations() {
  const shared = ["--backend", "wasm", "--dimension", "60", "--trials", "3", "--seed", "7", "--workers", "0"];
  const point = ["--sample-ratio", "0.7,2", "--width-ratio", "1.2", "--ridge", "0.05"];
  const tanh = ["--student", "tanh", "--target", "sin"];
  const sign = ["--student", "relu", "--target", "sign"];
  const spiked = ["--model", "spikedRandomFeatures", "--spike-strength", "1.5", "--alignment", "0.7"];
  const step = ["--model", "trainedNetwork", "--learning-rate", "1.5", "--step-sample-ratio", "2"];
  return [
    [...tanh, "--model", "randomFeatures"],
    [...tanh, ...spiked],
    [...tanh, ...spiked, "--rows", "gaussian", "--readout-values", "1,-0.5"],
    [...tanh, ...step, "--label-noise", "0.1"],
    [...sign, ...step, "--readout-values", "1,-0.5"],
    [...sign, ...spiked, "--loss", "logistic"],
    [...sign, ...step, "--loss", "hinge", "--label-flips", "0.1"],
    [...tanh, ...step, "--loss", "huber:0.7"],
  ].map((own) => [...own, ...point, ...shared]);
}
