/**
 * The one table of the parameters. Types, checks, the fields of the JSON interface, the options of the command line and
 * their help, sweeps, axis titles, legends, the Explorer's fields and the tables of the documentation follow from it.
 *
 * - **A parameter** is one entry here, and the line that uses its value (`legalParameters(…).name`).
 * - **A model kind** is a line in `models.ts`, its name in `models` of the entries that it has (with what differs: a
 *   range, a symbol, a default), an interface in `description.ts`, and its way to a solution in `curve/modelSolver.ts`.
 * - **A command** reads its own options from a record of entries like these with `cli/runOptions.ts`; options of the
 *   model come by themselves.
 *
 * The fields of an entry are explained at {@link Parameter}.
 */
import {
  ACTIVATION,
  choice,
  distinct,
  either,
  FLAG,
  integer,
  type Kind,
  list,
  LOSS,
  matrix,
  number,
  records,
} from "./kinds.ts";
import type { ModelName } from "./models.ts";
import { once } from "./once.ts";

/** What the table says of a parameter. */
export interface Parameter {
  /** Symbol of the papers, e.g. "α". */
  readonly symbol: string;
  /** A word or two, for labels: "learning rate". */
  readonly label: string;
  /** A sentence without its range: help and documentation add that from `kind`. */
  readonly meaning: string;
  /** The ratio or expression that it is, and so its unit: "n/d". */
  readonly ratio?: string;
  /** Kind and legal range of the value. */
  readonly kind: Kind;
  /** Where it may be left out: its value then. */
  readonly default?: unknown;
  /** Where it may be left out without one value that would stand for it: what happens then, in words. */
  readonly optional?: string;
  /** The models that have it, and what is different there. */
  readonly models: { readonly [M in ModelName]?: Variation };
  /** The same for models of several steps or directions (multiIndex), whose descriptions have other fields. */
  readonly several?: { readonly [M in SeveralModel]?: Variation };
  /** Whether a curve may run over it: a coordinate of a point of one model, or of the model itself. */
  readonly sweep?: "point" | "model";
  /** Its slider and its range as a horizontal axis; any legal value can be typed. */
  readonly slider?: Slider;
}

/** The models that may have several steps, spikes in several directions, or targets of several variables. */
export type SeveralModel = "randomFeatures" | "spikedRandomFeatures" | "trainedNetwork";

/** What is different for one model. */
export type Variation = Partial<Pick<Parameter, "symbol" | "meaning" | "kind" | "default" | "optional">>;

/** A slider's ends and scale. */
export interface Slider {
  readonly min: number;
  readonly max: number;
  readonly logarithmic: boolean;
  /** As horizontal axis. */
  readonly axis: readonly [min: number, max: number];
  /** Scale of that axis. */
  readonly logarithmicAxis: boolean;
}

const NETWORKS = {
  randomFeatures: {},
  spikedRandomFeatures: {},
  trainedNetwork: {},
  smallRate: {},
  powerChannels: {},
} as const;
/** Networks whose weights have seen no labels. */
const UNTRAINED = { randomFeatures: {}, spikedRandomFeatures: {}, smallRate: {}, powerChannels: {} } as const;
/** Teachers of labels ±1, whose field is the target. */
const SIGN_TEACHER = {
  kind: choice("sign", "probit", "logistic"),
  optional: "labels as they are",
  meaning: "labels ±1 of the target: its sign, with normal noise before it, or logistic",
} as const;
const STRUCTURED = { structuredRandomFeatures: {}, structuredGradientStep: {} } as const;
const COVARIATES = { gaussianCovariates: {} } as const;
const REGRESSION = { gaussianCovariates: {}, structuredRandomFeatures: {} } as const;
const READOUTS = { spikedRandomFeatures: {}, trainedNetwork: {} } as const;
/** Models of several steps or directions. */
const SEVERAL = { randomFeatures: {}, spikedRandomFeatures: {}, trainedNetwork: {} } as const;
const ONE_STEP = { trainedNetwork: { optional: "steps" } } as const;

/** Every parameter of every model, by the name of the library. */
export const PARAMETERS = {
  /** Network activation σ. */
  student: {
    symbol: "σ",
    label: "student",
    meaning: "activation of the network",
    kind: ACTIVATION,
    models: { ...NETWORKS, ...STRUCTURED },
    several: SEVERAL,
  },
  /** Single-index target σ*. */
  target: {
    symbol: "σ*",
    label: "target",
    meaning: "single-index target",
    kind: ACTIVATION,
    models: { ...NETWORKS, ...STRUCTURED, gaussianCovariates: { optional: "none", meaning: "of regression labels" } },
    several: SEVERAL,
  },
  /** "network": the trained network itself (theory §9, default); "srf": its isotropic surrogate (theory §2). */
  theory: {
    symbol: "",
    label: "theory",
    meaning: "of a trained network: itself, or its isotropic surrogate srf",
    kind: choice("network", "srf"),
    default: "network",
    models: { trainedNetwork: {} },
    several: { trainedNetwork: {} },
  },
  /** α = n/d > 0; Infinity is legal. */
  sampleRatio: {
    symbol: "α",
    label: "samples",
    meaning: "samples per dimension",
    ratio: "n/d",
    kind: number("positiveOrInfinite"),
    models: { ...NETWORKS, structuredGradientStep: {} },
    several: SEVERAL,
    sweep: "point",
    slider: { min: 0.1, max: 10, logarithmic: true, axis: [0.1, 5], logarithmicAxis: false },
  },
  /** β = p/d > 0; Infinity is legal. */
  widthRatio: {
    symbol: "β",
    label: "width",
    meaning: "width per dimension",
    ratio: "p/d",
    kind: number("positiveOrInfinite"),
    models: { ...NETWORKS, structuredGradientStep: {} },
    several: SEVERAL,
    sweep: "point",
    slider: { min: 0.1, max: 10, logarithmic: true, axis: [0.1, 5], logarithmicAxis: false },
  },
  /** λ ≥ 0, not divided by n; 0 is the ridgeless limit λ → 0⁺. */
  ridge: {
    symbol: "λ",
    label: "ridge penalty",
    meaning: "ridge penalty, not divided by n; 0 is the ridgeless limit",
    kind: number("nonNegative"),
    models: { ...NETWORKS, ...STRUCTURED, ...COVARIATES },
    several: SEVERAL,
    sweep: "point",
    slider: { min: 1e-6, max: 100, logarithmic: true, axis: [1e-5, 100], logarithmicAxis: true },
  },
  /** α₀ = n₀/d ≥ 0; 0 is no step, Infinity an infinite batch. */
  stepSampleRatio: {
    symbol: "α₀",
    label: "samples of the step",
    meaning: "samples of the gradient step per dimension",
    ratio: "n₀/d",
    kind: number("nonNegativeOrInfinite"),
    models: { trainedNetwork: {}, structuredGradientStep: {} },
    several: ONE_STEP,
    sweep: "model",
    slider: { min: 0.1, max: 100, logarithmic: true, axis: [0.1, 20], logarithmicAxis: true },
  },
  /** η̃, real; 0 is no step. */
  learningRate: {
    symbol: "η̃",
    label: "learning rate",
    meaning: "rate of the gradient step over p",
    kind: number("finite"),
    models: { trainedNetwork: {}, structuredGradientStep: {} },
    several: ONE_STEP,
    sweep: "model",
    slider: { min: 0, max: 6, logarithmic: false, axis: [0, 5], logarithmicAxis: false },
  },
  /** r, real; for `smallRate` s₁ ≥ 0. */
  spikeStrength: {
    symbol: "r",
    label: "spike strength",
    meaning: "strength of the spike (s₁ for smallRate)",
    kind: number("finite"),
    models: { spikedRandomFeatures: {}, smallRate: { symbol: "s₁", kind: number("nonNegative") } },
    sweep: "model",
  },
  /** γ = v·θ in [−1, 1]. */
  alignment: {
    symbol: "γ",
    label: "alignment",
    meaning: "overlap of spike and target direction",
    kind: number("cosine"),
    models: { spikedRandomFeatures: {}, smallRate: {}, powerChannels: {} },
    several: { spikedRandomFeatures: { kind: matrix(number("cosine")) } },
    sweep: "model",
  },
  /** c > 0; for `spikedRandomFeatures` one number for all groups, or c_k one per group; default 1. */
  bulkVariance: {
    symbol: "c",
    label: "bulk variance",
    meaning: "variance of the bulk; for spikedRandomFeatures also a list, one per readout value",
    kind: number("positive"),
    default: 1,
    models: {
      randomFeatures: {},
      spikedRandomFeatures: { kind: either(number("positive"), list(number("positive"))) },
      smallRate: {},
      powerChannels: {},
    },
    several: {
      randomFeatures: {},
      spikedRandomFeatures: { kind: either(number("positive"), list(number("positive"))) },
    },
    sweep: "model",
  },
  /** Label-noise variance Δ ≥ 0; default 0. */
  labelNoise: {
    symbol: "Δ",
    label: "label noise",
    meaning: "variance of the label noise",
    kind: number("variance"),
    default: 0,
    models: { ...NETWORKS, ...STRUCTURED, ...COVARIATES },
    several: SEVERAL,
    sweep: "model",
    slider: { min: 0, max: 2, logarithmic: false, axis: [0, 2], logarithmicAxis: false },
  },
  /** Values u_k of the first-layer readout a⁰_j = u_j/√p; default u = 1. */
  readoutValues: {
    symbol: "u",
    label: "readout values",
    meaning: "values of the first-layer readout",
    kind: list(number("finite")),
    default: [1],
    models: READOUTS,
    several: { trainedNetwork: {} },
  },
  /** Their fractions π_k, which sum to 1; default equal. */
  readoutFractions: {
    symbol: "π",
    label: "readout fractions",
    meaning: "fractions of the readout values, which sum to 1",
    kind: list(number("positive")),
    optional: "equal",
    models: READOUTS,
    several: READOUTS,
  },
  /** Rows of W of equal norm (default) or independent Gaussian rows (theory §3). */
  rows: {
    symbol: "",
    label: "rows",
    meaning: "rows of the random weights: of equal norms, or gaussian",
    kind: choice("equal", "gaussian"),
    default: "equal",
    models: { randomFeatures: {}, spikedRandomFeatures: {} },
  },
  /** Distinct powers k whose channels κ^k are kept where c_k(σ) ≠ 0. */
  powerChannels: {
    symbol: "k",
    label: "powers",
    meaning: "powers of κ in the features",
    kind: distinct(integer(1, 20), "a list of distinct whole numbers from 1 to 20"),
    models: { powerChannels: {} },
  },
  /** Channel of the fluctuating row norms (theory §9), for theory "network"; default true. */
  rowNorms: {
    symbol: "",
    label: "row norms",
    meaning: "whether the fluctuating row norms of a trained network have a channel",
    kind: FLAG,
    default: true,
    models: { trainedNetwork: {} },
    several: { trainedNetwork: { default: undefined, optional: "where they are nearer the truth" } },
  },
  /** Several gradient steps, each on a fresh batch (multiIndex §3), instead of the flat pair of one. */
  steps: {
    symbol: "η̃_t, α_t",
    label: "steps",
    meaning: "gradient steps of a trained network, one after the other, instead of the flat pair of one",
    kind: records({
      learningRate: { kind: number("finite") },
      stepSampleRatio: { kind: number("nonNegativeOrInfinite") },
      reuseBatch: { kind: FLAG, default: false },
    }),
    models: {},
    several: { trainedNetwork: { optional: "learningRate and stepSampleRatio" } },
  },
  /** R, K×q: the spike of every group along every direction v_a (multiIndex §1). */
  spikes: {
    symbol: "R",
    label: "spikes",
    meaning:
      "spikes of spikedRandomFeatures in several directions, a row per group; alignment then has a row per direction",
    kind: matrix(number("finite")),
    models: {},
    several: { spikedRandomFeatures: {} },
  },
  /** d × covariance of the bulk of each group on (v_1, …, ζ_1, …) (multiIndex §2). */
  specialCovariance: {
    symbol: "C",
    label: "special covariance",
    meaning: "d × covariance of each group's bulk along the spikes and the rest of the target's directions",
    kind: list(matrix(number("finite")), "one matrix per group"),
    models: {},
    several: { spikedRandomFeatures: { optional: "bulkVariance × 1" } },
  },
  /** L with s = Γᵀκ + Lζ, which fixes the ζ that `specialCovariance` speaks of. */
  zetaBasis: {
    symbol: "L",
    label: "rest of the target",
    meaning: "L with s = Γᵀκ + Lζ, which fixes the ζ that specialCovariance speaks of",
    kind: matrix(number("finite")),
    models: {},
    several: { spikedRandomFeatures: { optional: "that of 1 − ΓᵀΓ" } },
  },
  /** Loss of the readout; default "square", ridge regression. */
  loss: {
    symbol: "ℓ",
    label: "loss",
    meaning: "loss of the readout",
    kind: LOSS,
    default: "square",
    models: { ...NETWORKS, ...COVARIATES, ...STRUCTURED },
    several: SEVERAL,
  },
  /** "real": y = σ*(θᵀx) + √Δε (default); "sign": y = sign(σ*(θᵀx) + √Δε), flipped with probability `labelFlips` (statistics §1). */
  labels: {
    symbol: "y",
    label: "labels",
    meaning: "labels of the target and its noise: as they are (real), or their signs",
    kind: choice("real", "sign"),
    optional: "real, or sign for losses of margins",
    models: NETWORKS,
  },
  /** ε in [0, ½): probability that a sign label is flipped; default 0. */
  labelFlips: {
    symbol: "ε",
    label: "label flips",
    meaning: "probability that a sign label is flipped",
    kind: number("lessThanHalf"),
    default: 0,
    models: { ...NETWORKS, ...COVARIATES },
  },
  /** Share of the labels whose noise has the variance `outlierVariance`; default 0. */
  outlierShare: {
    symbol: "π",
    label: "outliers",
    meaning: "share of the labels whose noise has the variance outlierVariance instead",
    kind: number("share"),
    default: 0,
    models: UNTRAINED,
  },
  /** Variance of the noise of outliers; default 0. */
  outlierVariance: {
    symbol: "Δ_o",
    label: "outlier variance",
    meaning: "variance of the noise of outliers",
    kind: number("variance"),
    default: 0,
    models: UNTRAINED,
  },
  /** Finite-size option: the dimension d that gives the mean channels the strength F = d (theory §6); default Infinity. */
  finiteDimension: {
    symbol: "d",
    label: "finite dimension",
    meaning: "finite-size option: strength of the mean channels",
    kind: number("positiveOrInfinite"),
    default: Infinity,
    models: NETWORKS,
    several: SEVERAL,
  },
  /** n > 0 in the unit of the multiplicities (counts, or per dimension); Infinity is legal. */
  samples: {
    symbol: "n",
    label: "samples",
    meaning: "number of samples, in the unit of the multiplicities",
    kind: number("positiveOrInfinite"),
    models: REGRESSION,
    sweep: "point",
  },
  /** ω ≥ 0: eigenvalues of the features' covariance, or nodes of a limiting law. */
  eigenvalues: {
    symbol: "ω",
    label: "eigenvalues",
    meaning: "eigenvalues of the covariance of the features, or nodes of a limiting law",
    kind: list(number("variance")),
    optional: "those of a power law",
    models: COVARIATES,
  },
  /** How often each eigenvalue occurs, in the unit of the samples; any number > 0. */
  multiplicities: {
    symbol: "",
    label: "multiplicities",
    meaning: "how often each eigenvalue occurs",
    kind: list(number("positive")),
    optional: "1 each",
    models: COVARIATES,
  },
  /** Σ b_i² over each level, b = E[y v]. */
  signal: {
    symbol: "b²",
    label: "signal",
    meaning: "squared covariance of label and features, summed over each level",
    kind: list(number("variance")),
    optional: "that of a power law",
    models: COVARIATES,
  },
  /** a of ω_i = i^−a. */
  eigenvalueExponent: {
    symbol: "a",
    label: "eigenvalue exponent",
    meaning: "exponent of eigenvalues i^−a",
    kind: number("nonNegative"),
    optional: "listed eigenvalues",
    models: COVARIATES,
  },
  /** s of b_i² = ω_i i^−s. */
  signalExponent: {
    symbol: "s",
    label: "signal exponent",
    meaning: "exponent of the signal ω_i i^−s of a power law",
    kind: number("finite"),
    optional: "listed signal",
    models: COVARIATES,
  },
  /** Number of eigenvalues of a power law. */
  count: {
    symbol: "p",
    label: "count",
    meaning: "number of eigenvalues of a power law",
    kind: integer(1, 1e7),
    optional: "listed eigenvalues",
    models: COVARIATES,
  },
  /** E y_clean² − Σ b_i²/ω_i ≥ 0: what no readout explains. */
  unexplained: {
    symbol: "",
    label: "unexplained",
    meaning: "variance of the clean label that no readout of the features explains",
    kind: number("variance"),
    optional: "0, or what secondMoment leaves",
    models: COVARIATES,
  },
  /** ρ = E y², label noise included; instead of `unexplained`. */
  secondMoment: {
    symbol: "ρ",
    label: "second moment",
    meaning: "second moment of the label with its noise, instead of unexplained",
    kind: number("variance"),
    optional: "by unexplained",
    models: COVARIATES,
  },
  /** Labels of a convex loss: of the sign of the teacher's field, or of a function of it. */
  teacher: {
    symbol: "",
    label: "teacher",
    meaning: "how labels follow from the teacher's field",
    kind: choice("sign", "probit", "logistic", "regression"),
    optional: "none, for the square loss",
    models: {
      ...COVARIATES,
      randomFeatures: SIGN_TEACHER,
      spikedRandomFeatures: SIGN_TEACHER,
      trainedNetwork: SIGN_TEACHER,
      smallRate: SIGN_TEACHER,
      powerChannels: SIGN_TEACHER,
    },
  },
  /** ρ_ν, variance of the teacher's field. */
  teacherVariance: {
    symbol: "ρ_ν",
    label: "teacher variance",
    meaning: "variance of the teacher's field",
    kind: number("positive"),
    optional: "none",
    models: COVARIATES,
  },
  /** Added to the teacher's field of labels ±1. */
  teacherShift: {
    symbol: "",
    label: "teacher shift",
    meaning: "added to the teacher's field of labels ±1",
    kind: number("finite"),
    optional: "0",
    models: { ...COVARIATES, ...NETWORKS },
  },
  /** k of P(y = 1) = 1/(1 + e^−kν). */
  logisticScale: {
    symbol: "k",
    label: "logistic scale",
    meaning: "steepness of logistic labels",
    kind: number("positive"),
    optional: "1",
    models: { ...COVARIATES, ...NETWORKS },
  },
  /** δ of the loss "huber". */
  huberThreshold: {
    symbol: "δ",
    label: "Huber threshold",
    meaning: 'threshold of the loss "huber"',
    kind: number("positive"),
    optional: "none",
    models: COVARIATES,
  },
  /** Whether the unpenalised constant c₀ is fitted, for a loss with a teacher. */
  intercept: {
    symbol: "c₀",
    label: "intercept",
    meaning: "whether a constant is fitted, for a loss with a teacher",
    kind: FLAG,
    default: false,
    models: COVARIATES,
  },
  /** σ_i ≥ 0, eigenvalues of the covariance of the inputs. */
  inputEigenvalues: {
    symbol: "Σ",
    label: "input eigenvalues",
    meaning: "eigenvalues of the covariance of the inputs",
    kind: list(number("variance")),
    models: STRUCTURED,
  },
  /** How often each of them occurs. */
  inputMultiplicities: {
    symbol: "",
    label: "input multiplicities",
    meaning: "how often each of them occurs",
    kind: list(number("positive")),
    optional: "1 each",
    models: STRUCTURED,
  },
  /** Σ θ_i² over each level, scaled to θᵀΣθ = 1. */
  teacherPower: {
    symbol: "θ²",
    label: "teacher power",
    meaning: "squared teacher direction, summed over each level",
    kind: list(number("nonNegative")),
    models: STRUCTURED,
  },
  /** p of each layer of random weights, in the unit of the multiplicities. */
  widths: {
    symbol: "p",
    label: "widths",
    meaning: "width of each random layer, from the inputs up",
    kind: list(number("positive")),
    models: { structuredRandomFeatures: {} },
  },
  /** The ridge of least test error instead of a given one. */
  optimalRidge: {
    symbol: "λ*",
    label: "optimal ridge",
    meaning: "asks for the ridge of least test error, of either sign or not negative",
    kind: choice("nonNegative", "anySign"),
    optional: "the ridge that is given",
    models: REGRESSION,
  },
} as const satisfies Readonly<Record<string, Parameter>>;

/** The table as a type. */
export type ParameterTable = typeof PARAMETERS;
/** The name of a parameter of a model. */
export type ParameterName = keyof ParameterTable;

/** Whether there is such a parameter. */
export function isParameter(name: string): name is ParameterName {
  return Object.hasOwn(PARAMETERS, name);
}

const NAMES = Object.keys(PARAMETERS) as readonly ParameterName[];

/** A parameter as the table has it, or as one model varies it. */
export function parameter(name: ParameterName, model?: ModelName): Parameter {
  const entry: Parameter = PARAMETERS[name];
  return model === undefined ? entry : { ...entry, ...entry.models[model] };
}

/** The parameters of a model of several steps or directions, with what is different there, in the order of the table. */
export const severalParameters = once((model: SeveralModel): readonly (readonly [ParameterName, Parameter])[] =>
  NAMES.flatMap((name) => {
    const entry: Parameter = PARAMETERS[name];
    const variation = entry.several?.[model];
    return variation ? [[name, { ...entry, ...variation }] as const] : [];
  }),
);

/** The parameters of a model, in the order of the table. */
export const parametersOf = once((model: ModelName): readonly ParameterName[] =>
  NAMES.filter((name) => hasParameter(model, name)),
);

/** Whether a model has a parameter. */
export function hasParameter(model: ModelName, name: ParameterName): boolean {
  return Object.hasOwn(PARAMETERS[name].models, model);
}

/** Parameters that a curve may run over: of a point, or of the model itself. */
export type SweepParameter = {
  [P in ParameterName]: ParameterTable[P] extends { sweep: string } ? P : never;
}[ParameterName];

/** A number of one of several steps, from 0 on: "steps[1].learningRate" is η̃₂. */
export type StepParameter = `steps[${number}].${"learningRate" | "stepSampleRatio"}`;
/** What a curve may run over. */
export type SweptName = SweepParameter | StepParameter;

/** @returns the name of a number of a step, from 0 on */
export const nameInStep = <F extends string>(step: number, field: F): `steps[${number}].${F}` =>
  `steps[${step}].${field}`;

/** The step, from 0 on, and the parameter that a name says; undefined for no name of a step's. */
export function stepParameter(
  name: string,
): { readonly step: number; readonly field: "learningRate" | "stepSampleRatio" } | undefined {
  const [, step, field] = /^steps\[(\d{1,3})\]\.(learningRate|stepSampleRatio)$/.exec(name) ?? [];
  if (step === undefined) return undefined;
  return { step: Number(step), field: field as "learningRate" | "stepSampleRatio" };
}

/** The entry of the table that says what a swept number is: of a step, its parameter of the one step. */
export function sweptParameter(name: SweptName): SweepParameter {
  return stepParameter(name)?.field ?? (name as SweepParameter);
}

/** Whether each new value of a swept parameter makes a new model. */
export function isModelParameter(name: SweptName): boolean {
  return PARAMETERS[sweptParameter(name)].sweep === "model";
}

/** Symbol of a swept parameter, for a legend. */
export function symbolOf(name: SweptName): string {
  const of = stepParameter(name);
  return of
    ? `${of.field === "learningRate" ? "η̃" : "α"}${subscript(of.step + 1)}`
    : parameter(name as ParameterName).symbol;
}

const subscript = (n: number): string =>
  String(n).replaceAll(/\d/g, (digit) => String.fromCodePoint("₀".codePointAt(0)! + Number(digit)));

/** The coordinates α, β, λ of a point of one model. */
export type PointParameter = "sampleRatio" | "widthRatio" | "ridge";
/** In the order in which sweeps nest them, the last one fastest. */
export const POINT_PARAMETERS: readonly PointParameter[] = ["widthRatio", "ridge", "sampleRatio"];

/** Parameters that a curve may run over: those of the model first, as they vary slowest. */
export const SWEEP_PARAMETERS: readonly SweepParameter[] = [
  ...NAMES.filter((name): name is SweepParameter => parameter(name).sweep === "model"),
  ...POINT_PARAMETERS,
  "samples",
];

/** The coordinates of a point of a model: α, β, λ, or n and λ. */
export function pointParametersOf(model: ModelName): readonly (PointParameter | "samples")[] {
  return ([...POINT_PARAMETERS, "samples"] as const).filter((name) => hasParameter(model, name));
}

/** Title of an axis: the symbol and the ratio that it is, or the words and the symbol. */
export function axisTitle(name: ParameterName | StepParameter): string {
  const of = stepParameter(name);
  if (of) {
    const words = of.field === "learningRate" ? "learning rate" : "samples per dimension";
    return `${words} of step ${of.step + 1}, ${symbolOf(name as StepParameter)}`;
  }
  const { symbol, label, ratio } = parameter(name as ParameterName);
  return ratio === undefined ? `${label} ${symbol}` : `${symbol} = ${ratio}`;
}
