// Features and inputs of any covariance: theory beside simulated fits. Prints the table of the page on these models and writes
// covariates.json beside this file.
//   npm run build && node docs/studies/covariates.mjs [trials, default 50]
import { writeFileSync } from "node:fs";
import { solve } from "replica-theory";
import { simulate, simulatedQuantities } from "replica-theory/simulation";

const trials = Number(process.argv[2] ?? 50);
const model = "gaussianCovariates";
const powerLaw = { model, eigenvalueExponent: 1.5, signalExponent: 2, count: 300 };
const twoLevels = { model, eigenvalues: [2, 0.2], multiplicities: [100, 200], signal: [1, 0.02] };
const margins = { ...twoLevels, teacherVariance: 1 };
const inputs = {
  inputEigenvalues: [1.7, 0.3],
  inputMultiplicities: [0.5, 0.5],
  teacherPower: [0.7, 0.3],
  labelNoise: 0.1,
};
const powers = Array.from({ length: 400 }, (_, i) => (i + 1) ** -0.4);
const slow = { inputEigenvalues: powers, teacherPower: powers, labelNoise: 0.1 };
const features = { model: "structuredRandomFeatures", student: "tanh", target: "sin", ...inputs };
const step = { model: "structuredGradientStep", student: "tanh", target: "tanh", ...inputs };
const fitted = { sampleRatio: 2, widthRatio: 1, ridge: 0.1 };

/** Name, dimension of the simulation, description, quantity if it is not the test error. */
const cases = [
  ["power law i^−1.5, n = 200, λ = 10⁻³", 300, { ...powerLaw, labelNoise: 0.1, samples: 200, ridge: 1e-3 }],
  ["power law i^−1.5, n = 600, λ = .1", 300, { ...powerLaw, labelNoise: 0.1, samples: 600, ridge: 0.1 }],
  ["two levels, n = 450, λ = .3", 300, { ...twoLevels, unexplained: 0.1, labelNoise: 0.2, samples: 450, ridge: 0.3 }],
  ["two levels, n = 200, λ → 0", 300, { ...twoLevels, unexplained: 0.1, labelNoise: 0.2, samples: 200, ridge: 0 }],
  ["two levels, n = 600, λ → 0", 300, { ...twoLevels, unexplained: 0.1, labelNoise: 0.2, samples: 600, ridge: 0 }],
  ["two levels, n = p, λ = .01", 300, { ...twoLevels, labelNoise: 0.2, samples: 300, ridge: 0.01 }],
  [
    "logistic labels and loss, intercept",
    300,
    {
      ...margins,
      teacher: "logistic",
      logisticScale: 2,
      teacherShift: 0.5,
      loss: "logistic",
      intercept: true,
      samples: 450,
      ridge: 0.1,
    },
    "testLoss",
  ],
  [
    "sign labels with flips, hinge",
    300,
    { ...margins, teacher: "sign", labelFlips: 0.05, loss: "hinge", samples: 450, ridge: 0.3 },
    "testClassificationError",
  ],
  [
    "probit labels, squared hinge",
    300,
    { ...margins, teacher: "probit", labelNoise: 0.2, loss: "squaredHinge", samples: 450, ridge: 0.3 },
    "testClassificationError",
  ],
  [
    "numbers tanh(ν), Huber",
    300,
    {
      ...margins,
      teacher: "regression",
      target: "tanh",
      labelNoise: 0.1,
      loss: "huber",
      huberThreshold: 0.5,
      samples: 450,
      ridge: 0.3,
    },
    "testLoss",
  ],
  ["tanh features on two levels", 600, { ...features, widths: [1], samples: 1.5, ridge: 0.1 }],
  ["two layers of tanh features", 600, { ...features, widths: [1.5, 1], samples: 1.5, ridge: 0.1 }],
  [
    "ReLU features on i^−.4",
    400,
    {
      model: "structuredRandomFeatures",
      student: "relu",
      target: "sin",
      ...slow,
      widths: [400],
      samples: 600,
      ridge: 0.1,
    },
  ],
  ["step, α₀ = 64, η̃ = 2", 600, { ...step, ...fitted, learningRate: 2, stepSampleRatio: 64 }],
  ["step, α₀ = 8, η̃ = 2", 600, { ...step, ...fitted, learningRate: 2, stepSampleRatio: 8 }],
  ["step, α₀ = 1, η̃ = 1", 600, { ...step, ...fitted, learningRate: 1, stepSampleRatio: 1 }],
];

const results = [];
console.log("| model | d | quantity | theory | simulated ± s.e. | z |");
console.log("|---|---|---|---|---|---|");
for (const [index, [name, dimension, description, quantity = "testError"]] of cases.entries()) {
  const theory = solve(description)[quantity];
  const { points } = await simulate(description, {
    dimension,
    trials,
    testSamples: 2000,
    seed: 2000 + index,
    workers: 0,
  });
  const { mean, standardError } = simulatedQuantities(points[0])[quantity];
  const digits = (x) => Number(x.toPrecision(6));
  results.push({ name, description, dimension, quantity, trials, simulated: [mean, standardError].map(digits) });
  const z = (mean - theory) / standardError;
  console.log(
    `| ${name} | ${dimension} | ${quantity} | ${theory.toFixed(4)} | ${mean.toFixed(4)} ± ${standardError.toFixed(4)} | ${z.toFixed(1)} |`,
  );
}
const text = JSON.stringify(results, (_, value) => (value === Infinity ? "inf" : value), 1);
writeFileSync(new URL("covariates.json", import.meta.url), `${text}\n`);
