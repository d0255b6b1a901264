import fc from "fast-check";
import { exponents } from "../../../src/index.ts";
import { fuzzCases } from "./cases.ts";
import { contained, expectNumbers, legal } from "./contained.ts";
import { changed, damaged, extremes, jsonValues } from "./documents.ts";
import { HOSTILE } from "./inputs.ts";

const leaf = fc.oneof(
  fc.constantFrom("x1", "x2", "x3", "x1", "x2", "0.5", "2", "-1", "pi"),
  fc.constantFrom("x", "x0", "x4", "x9", "x10", "x01", "x1x2", "X1", "x₁", "1e308", "1e-308", "0/0"),
);

/** Formulas in several variables, some of which are none. */
const formulas: fc.Arbitrary<string> = fc.letrec<{ tree: string }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.tuple(tie("tree"), fc.constantFrom("+", "-", "*", "/", "^"), tie("tree")).map(([a, o, b]) => `(${a}${o}${b})`),
    fc.tuple(fc.constantFrom("tanh", "exp", "relu", "sign", "He3", "log"), tie("tree")).map(([f, a]) => `${f}(${a})`),
    fc.tuple(tie("tree"), tie("tree"), tie("tree")).map(([a, b, c]) => `(${a} < ${b} ? ${c} : ${a})`),
  ),
})).tree;
/** Sums, products and nests of many variables. */
const many = fc
  .tuple(fc.constantFrom(1, 3, 9, 10, 100), fc.constantFrom("+", "*", " + tanh(", "^"))
  .map(([count, join]) => {
    const names = Array.from({ length: count }, (_, i) => `x${i + 1}`);
    return names.join(join) + (join.endsWith("(") ? ")".repeat(count - 1) : "");
  });
const targets = fc.oneof(
  { weight: 6, arbitrary: formulas },
  { weight: 1, arbitrary: many },
  { weight: 1, arbitrary: fc.constantFrom(...HOSTILE).map((text) => text.replaceAll("x", "x1")) },
);

/** Exponents of a target of several variables are numbers, or what is wrong with the target is said. */
export function fuzzTargets(numRuns: number): Promise<void> {
  return fc.assert(
    fc.asyncProperty(targets, (text) =>
      contained(() => {
        const found = legal(() => exponents(text));
        if (found) expectNumbers(JSON.parse(JSON.stringify(found)));
      }),
    ),
    { numRuns },
  );
}

const step = { learningRate: 1, stepSampleRatio: "inf" };
const point = { sampleRatio: 1.5, widthRatio: 0.8, ridge: 0.1 };
const network = { model: "trainedNetwork", student: "tanh", target: "x1", theory: "srf" };
const SEVERAL: readonly Readonly<Record<string, unknown>>[] = [
  { ...network, ...point, target: "tanh(x1)", steps: [step] },
  { ...network, ...point, target: "sin", steps: [step, step] },
  { ...network, ...point, target: "x1 + x1*x2", learningRate: 1, stepSampleRatio: 2 },
  { ...network, target: "sin", steps: [step, { ...step, stepSampleRatio: 2, reuseBatch: true }] },
  { ...point, model: "randomFeatures", student: "relu", target: "x1*x2" },
  { ...point, model: "spikedRandomFeatures", student: "tanh", target: "x1", spikes: [[1]], alignment: [[0.5]] },
];
const SEVERAL_FIELDS = [
  "steps,target,spikes,alignment,bulkVariance,readoutValues,readoutFractions,specialCovariance,zetaBasis,rowNorms",
  "finiteDimension,labelNoise,sampleRatio,widthRatio,ridge,learningRate,stepSampleRatio,theory,model,loss",
].flatMap((list) => list.split(","));
const stepFields = ["learningRate", "stepSampleRatio", "reuseBatch", "__proto__", "extra"];
const steps = fc.oneof(
  fc.array(
    changed([step], stepFields).map((text) => JSON.parse(text) as unknown),
    { maxLength: 3 },
  ),
  fc.constantFrom<unknown>(
    [],
    [null],
    [[]],
    {},
    Array.from({ length: 400 }, () => step),
    Array.from({ length: 400 }, () => ({ ...step, learningRate: 0 })),
    Array.from({ length: 2 }, () => ({ ...step, learningRate: 1e200 })),
  ),
);
/** Rows of numbers, most of them no matrix. */
const rows = fc.array(fc.oneof(fc.array(extremes, { maxLength: 3 }), jsonValues), { maxLength: 4 });

/** Models with several steps and directions as cases of `solve --json`. */
export function fuzzSeveral(numRuns: number): Promise<void> {
  const values = fc.oneof(jsonValues, steps, rows, formulas);
  return fuzzCases("solve", mostlyWhole(changed(SEVERAL, SEVERAL_FIELDS, values)), numRuns);
}

const levels = { eigenvalues: [2, 1, 0.5], signal: [0.3, 0.2, 0.1], unexplained: 0.1 };
const inputs = { inputEigenvalues: [2, 1], teacherPower: [0.5, 0.5], student: "tanh", target: "sin" };
const at = { samples: 2, ridge: 0.1 };
const teacher = { teacherVariance: 2, loss: "logistic", eigenvalues: [2, 1, 0.5], signal: [0.3, 0.2, 0.1] };
const table = { features: [[1, 2], [0, 1], [3, -1]], labels: [1, 0, 2], points: [{ samples: 2, ridge: 0.1 }] }; // prettier-ignore
const COVARIATES: readonly Readonly<Record<string, unknown>>[] = [
  { model: "gaussianCovariates", ...levels, ...at },
  { model: "gaussianCovariates", eigenvalueExponent: 1, signalExponent: 0.5, count: 50, ...at },
  { model: "gaussianCovariates", ...levels, samples: 2, optimalRidge: "any" },
  { model: "gaussianCovariates", ...teacher, teacher: "sign", ...at },
  { model: "structuredRandomFeatures", ...inputs, widths: [2], ...at },
  { model: "structuredGradientStep", ...inputs, learningRate: 1, stepSampleRatio: 2, widthRatio: 1, sampleRatio: 2, ridge: 0.1 }, // prettier-ignore
  { model: "dataSet", ...table },
];
const COVARIATE_FIELDS = [
  "eigenvalues,multiplicities,signal,unexplained,secondMoment,labelNoise,samples,ridge,count,eigenvalueExponent",
  "signalExponent,optimalRidge,teacher,teacherVariance,teacherShift,logisticScale,labelFlips,target,loss,huberThreshold",
  "intercept,inputEigenvalues,inputMultiplicities,teacherPower,widths,student,features,gram,labels,points,anchor",
].flatMap((list) => list.split(","));

/** Covariates of any covariance and data sets as cases of `solve --json`. */
export function fuzzCovariates(numRuns: number): Promise<void> {
  const lists = fc.array(extremes, { maxLength: 4 });
  const values = fc.oneof(
    jsonValues.filter((value) => !(typeof value === "number" && value > 1e5)),
    lists,
    rows,
  );
  return fuzzCases("solve", mostlyWhole(changed(COVARIATES, COVARIATE_FIELDS, values)), numRuns);
}

const plain = { model: "randomFeatures", student: "tanh", target: "sin", sampleRatio: 1.5, widthRatio: 0.8 };
const stepped = { ...plain, model: "trainedNetwork", steps: [step, step] };
const TUNING: Readonly<Record<string, readonly Readonly<Record<string, unknown>>[]>> = {
  optimum: [
    { ...plain, labelNoise: 0.1, over: ["ridge"] },
    { ...plain, ridge: 0.1, over: { sampleRatio: [0.5, 2] }, minimise: "trainError" },
    { ...stepped, over: { ridge: [0.1, 1] } },
  ],
  derivatives: [
    { ...plain, ridge: 0.1, by: ["ridge", "sampleRatio"] },
    { ...stepped, ridge: 0.1, by: ["steps[0].learningRate"] },
  ],
  map: [
    { model: "randomFeatures", student: "tanh", target: "sin", ridge: 0.1, x: { sampleRatio: [0.5, 2] }, y: { widthRatio: [0.5, 2] }, levels: [0.5] }, // prettier-ignore
  ],
};
const TUNING_FIELDS = "over,minimise,budget,by,x,y,quantity,minus,levels,boundaries,steps,statistics,optimalRidge,ridge,sampleRatio,student,loss".split(","); // prettier-ignore
const names = fc.constantFrom(
  "ridge",
  "sampleRatio",
  "widthRatio",
  "labelNoise",
  "student",
  "__proto__",
  "toString",
  "steps[1].learningRate",
  "steps[0].stepSampleRatio",
  "steps[7].x",
  "steps",
);
const axes = fc.oneof(
  fc.array(names, { maxLength: 3 }),
  fc.tuple(names, fc.array(extremes, { maxLength: 3 })).map(([name, list]) => JSON.parse(`{"${name}": ${JSON.stringify(list)}}`) as unknown), // prettier-ignore
  fc.constantFrom<unknown>("optimal", "testError", "psi[1]", "psi[1e9]", "Q2", { of: ["sampleRatio"], total: 2 }, [0.1, 0.1]), // prettier-ignore
);

/** Optima, derivatives and maps as cases. */
export async function fuzzTuning(numRuns: number): Promise<void> {
  const commands = Object.entries(TUNING);
  for (const [name, bases] of commands) {
    const cases = changed(bases, TUNING_FIELDS, fc.oneof(jsonValues, axes, axes));
    await fuzzCases(name, mostlyWhole(cases), Math.ceil(numRuns / commands.length));
  }
}

const mattis = {
  unknowns: { m: { start: 0.3, min: 0, max: 1 } },
  parameters: { beta: 1.2, h: 0.1 },
  where: { field: "beta*(m + h)" },
  equations: { m: "E(z, tanh(field + 0.1*z))" },
  observables: { square: "m^2" },
};
const EQUATIONS: readonly Readonly<Record<string, unknown>>[] = [
  mattis,
  { ...mattis, sweep: { beta: [0.5, 1.5] } },
  { ...mattis, branch: { over: "beta", from: 0.5, to: 1.5 } },
  { ...mattis, all: true },
];
const EQUATION_FIELDS =
  "unknowns,parameters,where,equations,observables,sweep,branch,all,freeEnergy,freeEntropy,functions".split(",");
const named = fc
  .array(
    fc.tuple(
      fc.constantFrom("m", "q", "beta", "E", "z", "pi", "__proto__", "constructor", "toString", "x y", "", "é", "m'"),
      fc.oneof(
        jsonValues,
        extremes,
        fc.constantFrom<unknown>(
          "m",
          "m^2",
          "E(z, z*m)",
          "sum(i, [1, 2], i*m)",
          "E(z, E(m, z))",
          "root(t, 0, 1, t - m)",
          { start: 0.5, min: 0, max: 1 },
          { start: "a" },
          { min: 1, max: 0 },
        ),
      ),
    ),
    { maxLength: 3 },
  )
  .map((pairs) => {
    const body = pairs.map(([name, value]) => `${JSON.stringify(name)}: ${JSON.stringify(value)}`);
    return JSON.parse(`{${body.join(", ")}}`) as unknown;
  });

/** Typed equations as cases of `equations --json`. */
export function fuzzEquationCases(numRuns: number): Promise<void> {
  const cases = changed(EQUATIONS, EQUATION_FIELDS, fc.oneof(jsonValues, named, named));
  return fuzzCases("equations", mostlyWhole(cases), numRuns);
}

/** Cases alone, several of them, and some that are torn. */
function mostlyWhole(cases: fc.Arbitrary<string>): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 6, arbitrary: cases },
    { weight: 1, arbitrary: damaged(cases) },
    { weight: 1, arbitrary: fc.array(cases, { maxLength: 2 }).map((items) => items.join("\n")) },
  );
}
