// Prints the table of statistics.md, from statistics.json.
//   npm run build && node docs/studies/statistics.table.mjs
import { readFileSync } from "node:fs";
import { statistics } from "../../dist/index.js";
import { statisticsRows } from "./statistics.rows.mjs";

const { table } = JSON.parse(readFileSync(new URL("statistics.json", import.meta.url), "utf8"));

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
