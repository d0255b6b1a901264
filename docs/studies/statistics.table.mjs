// Prints the table of statistics.md, and draws triple-descent.svg beside it, from statistics.json.
//   npm run build && node docs/studies/statistics.table.mjs
import { readFileSync, writeFileSync } from "node:fs";
import { None, parse, View } from "vega";
import { compile } from "vega-lite";
import { linePlot, statistics } from "../../dist/index.js";
import { statisticsRows } from "./statistics.rows.mjs";

const { table, tripleDescent } = JSON.parse(readFileSync(new URL("statistics.json", import.meta.url), "utf8"));

const show = (value) => value.toPrecision(3);
const cell = ({ theory, simulated, standardError }) =>
  `${show(theory)}, ${show(simulated)} ± ${standardError.toPrecision(1)}`;
const caseOf = ({ model, student, target, labels, labelNoise, labelFlips, readoutValues, ...rest }) =>
  [
    `${model === "randomFeatures" ? "RF" : "sRF"} ${student} / ${labels ? "sign " : ""}${target}`,
    labelNoise && `Δ = ${labelNoise}`,
    labelFlips && `ε = ${labelFlips}`,
    readoutValues && `u = ${readoutValues.join(", ")}`,
    `α = ${rest.sampleRatio}, β = ${rest.widthRatio}, λ = ${rest.ridge}`,
  ]
    .filter(Boolean)
    .join(", ");
const rows = statisticsRows(table, statistics);
console.log(`| quantity | ${rows.map(({ description }) => caseOf(description)).join(" | ")} |`);
console.log(`|---${"|---".repeat(rows.length)}|`);
rows[0].values.forEach(({ name }, i) =>
  console.log(`| ${name} | ${rows.map(({ values }) => cell(values[i])).join(" | ")} |`),
);

const NAMES = {
  testError: "test error R",
  freshWeightsSameSamples: "ensemble over weights",
  sameWeightsFreshSamples: "ensemble over samples",
  varianceInputsNoise: "variance: inputs, noise",
  varianceWeightsInputsNoise: "variance: weights, inputs, noise",
};
const shared = tripleDescent[0].description;
const ratios = Array.from({ length: 181 }, (_, i) => 0.2 * 100 ** (i / 180));
const solved = ratios.map((sampleRatio) => statistics({ ...shared, sampleRatio }));
const lines = Object.entries(NAMES).map(([key, name]) => ({ name, x: ratios, y: solved.map((s) => s[key]) }));
const crosses = tripleDescent.flatMap(({ description, simulated }) =>
  Object.entries(NAMES).map(([key, name]) => {
    const [y, standardError] = simulated[key];
    return { name, x: description.sampleRatio, y, standardError };
  }),
);
const figure = linePlot(lines, {
  ...{ xTitle: "α = n/d", yTitle: "square error", crosses, logX: true, logY: true },
  title: "Triple descent: peaks at n = d, of noise and inputs, and at n = p = 6d",
});
const view = new View(parse(compile(figure).spec), { renderer: "none", logLevel: None });
writeFileSync(new URL("../observables/triple-descent.svg", import.meta.url), `${await view.toSVG()}\n`);
view.finalize();
