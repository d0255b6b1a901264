// The functions of the Python package whose arguments are the parameters of the one table (src/parameters), as Python source.

/** Arguments that are no parameters of one step and one direction: fields of the models of several. */
const OF_SEVERAL = {
  steps: ["Sequence[Mapping[str, Any]]", 'gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}'],
  spikes: ["Sequence[Sequence[float]]", "spikes in several directions, one row per group"],
  special_covariance: ["Sequence[Any]", "covariance of the bulk along the special directions, times d"],
  zeta_basis: ["Sequence[Any]", "basis of the directions that special_covariance speaks of"],
};
const PROGRESS = {
  progress: [
    "Progress",
    "None: a bar on a terminal or in a notebook; True, False, or a function of completed and total",
  ],
};
const SWEPT = { x: ["str", "the swept parameter on the horizontal axis of figures (default the longest)"] };
const SIZES = { dimension: ["int", "input dimension d of the simulated networks"] };

/** The functions: the method of the server, what it gives, what it is, its own arguments. */
const FUNCTIONS = {
  solve: {
    method: "solve",
    result: "Solution",
    text: "Errors and overlaps of the trained readout at one point.",
    own: {},
  },
  curve: {
    method: "curve",
    result: "Curve",
    swept: true,
    text: "A learning curve: every combination of the parameters that are given as lists or arrays.",
    own: { ...SWEPT, ...PROGRESS },
  },
  compare: {
    method: "curve",
    result: "Curve",
    swept: true,
    simulation: true,
    text: "A learning curve with simulated finite networks beside the theory.",
    own: {
      simulate: ["str", '"model" (as described, default), "network", or "srf", the surrogate of a trained network'],
      ...SIZES,
      ...SWEPT,
      ...PROGRESS,
    },
  },
  simulate: {
    method: "simulate",
    result: "Simulation",
    swept: true,
    simulation: true,
    text: "Finite networks alone: mean and standard error at each sample_ratio and ridge, which may be lists.",
    own: { simulate: ["str", '"srf" for the surrogate of a trained network'], ...SIZES, ...PROGRESS },
  },
  learned_function: {
    method: "learnedFunction",
    result: "LearnedFunction",
    text: "The function that the network has learned.",
    own: {
      t: ["Floats", "where it is wanted along the target"],
      kappa: ["Floats", "where it is wanted along the spike"],
    },
  },
  bounds: {
    method: "bounds",
    result: "Bounds",
    text: "Bounds on the test error of any readout of the features.",
    own: {},
  },
  weights: {
    method: "weights",
    result: "Weights",
    text: "Singular values of the weights after the step.",
    own: { points: ["int", "points of their density"], grid: ["Floats", "where the density is wanted"] },
  },
  spectrum: {
    method: "spectrum",
    result: "Spectrum",
    text: "Spectrum of the features: density, edges, outliers.",
    own: { points: ["int", "points of the density"], grid: ["Floats", "where the density is wanted"] },
  },
  optimum: {
    method: "optimum",
    result: "Optimum",
    text: "Best values of one to four parameters.",
    own: {
      over: ["Sequence[str] | Mapping[str, Any]", "names to tune, or a range [from, to] (or None) for each"],
      minimise: ["str", "what is minimised (default testError, of margins testClassificationError)"],
      budget: ["Any", "what the parameters share, as on the page on tuning"],
    },
  },
  derivatives: {
    method: "derivatives",
    result: "Derivatives",
    text: "Derivatives of errors and overlaps by parameters.",
    own: { by: ["Sequence[str]", "the parameters"] },
  },
  map: {
    method: "map",
    result: "Map",
    text: "An observable over two parameters.",
    own: {
      x: ["Mapping[str, Floats]", "the horizontal parameter and its values"],
      y: ["Mapping[str, Floats]", "the vertical one"],
      quantity: ["str", "what is shown (default testError, of margins testClassificationError)"],
      minus: ["Mapping[str, Any]", "what differs in the model that is subtracted"],
      levels: ["Floats", "contour lines"],
      boundaries: ["Sequence[str]", "lines where something happens"],
    },
  },
};

/** A name of the library as Python writes it: stepSampleRatio is step_sample_ratio. */
export const snake = (name) => name.replaceAll(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a}_${b.toLowerCase()}`);

/** The Python type of a kind of values. */
function typeOf(kind) {
  switch (kind.type) {
    case "number":
      return "float";
    case "integer":
      return "int";
    case "flag":
      return "bool";
    case "list":
      return kind.of.type === "number" ? "Floats" : `Sequence[${typeOf(kind.of)}]`;
    case "either":
      return kind.of.map(typeOf).join(" | ");
    case "loss":
      return "str | Mapping[str, float]";
    case "records":
      return "Sequence[Mapping[str, Any]]";
    default:
      return "str";
  }
}

/** Legal values in words; a function stays in its process. */
function wordsOf(kind, words) {
  if (kind.type === "activation") return "a name or a formula in x";
  return kind.type === "loss" ? '"square", "logistic", "hinge", "squaredHinge" or {"huber": δ}' : words(kind);
}

/**
 * The module of the functions.
 *
 * @param table `parameters` (name to entry), `simulation` (the same for the simulation), `words` of a kind's legal values
 */
export function pythonFunctions({ parameters, simulation, words }) {
  const names = Object.keys(FUNCTIONS);
  return [
    '"""Functions whose arguments are the parameters of the library: generated, by `npm run build:python`."""',
    "",
    "from __future__ import annotations",
    "",
    "from typing import Any, Mapping, Sequence",
    "",
    "from ._calls import Floats, Progress, call",
    `from ._results import ${[...new Set(names.map((name) => FUNCTIONS[name].result))].sort().join(", ")}`,
    "",
    `__all__ = [${names.map((name) => `"${name}"`).join(", ")}]`,
    ...names.map((name) => functionText(name, { parameters, simulation, words })),
    "",
  ].join("\n");
}

function functionText(name, { parameters, simulation, words }) {
  const { method, result, text, own, swept = false, simulation: simulates = false } = FUNCTIONS[name];
  const ofModel = Object.entries(parameters).map(([key, entry]) => {
    const { symbol, meaning, kind, default: otherwise, optional, sweep } = entry;
    const several = key === "alignment" ? " | Sequence[Sequence[float]]" : "";
    const type =
      typeOf(kind) +
      (swept && sweep !== undefined ? " | Floats" : "") +
      (sweep !== undefined ? " | str" : "") +
      several;
    const standard =
      optional ?? (otherwise === undefined ? undefined : (JSON.stringify(otherwise) ?? String(otherwise)));
    const range = wordsOf(kind, words).replaceAll("Infinity", "inf");
    const rest = standard === undefined ? "" : ` (default ${standard === "null" ? "inf" : standard})`;
    return [snake(key), type, `${symbol === "" ? "" : `${symbol}, `}${meaning}: ${range}${rest}`];
  });
  const ofSimulation = Object.entries(simulates ? simulation : {})
    .filter(([key]) => key !== "dimension")
    .map(([key, { meaning, kind, optional }]) => [
      snake(key),
      typeOf(kind),
      `${meaning}: ${words(kind)} (default ${optional})`,
    ]);
  const entries = (record) => Object.entries(record).map(([key, [type, meaning]]) => [key, type, meaning]);
  const all = [...ofModel, ...entries(OF_SEVERAL), ...ofSimulation, ...entries(own)].filter(([key], i, list) => {
    return list.findLastIndex(([other]) => other === key) === i;
  });
  return [
    "",
    "",
    `def ${name}(`,
    "    *,",
    '    model: str = "trainedNetwork",',
    ...all.map(
      ([key, type]) =>
        `    ${key}: ${type === "Progress" ? type : `${[...new Set(type.split(" | "))].join(" | ")} | None`} = None,`,
    ),
    `) -> ${result}:`,
    `    """${text}`,
    "",
    "    A parameter that is None is left out; which ones a model has and needs, the library says.",
    "",
    "    Parameters",
    "    ----------",
    "    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...",
    ...all.map(([key, , meaning]) => `    ${key}: ${meaning.replaceAll("\\", "\\\\")}`),
    "",
    "    Raises",
    "    ------",
    "    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.",
    '    """',
    `    return call("${method}", ${result}, locals())`,
  ].join("\n");
}
