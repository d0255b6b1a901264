// Prints, as Markdown, theory and the simulations of convexLosses.json.
//   npm run build && node docs/studies/convexLosses.table.mjs
import { readFileSync } from "node:fs";
import { solve } from "replica-theory";
import { cells, studyRows } from "./convexLosses.rows.mjs";

const results = JSON.parse(readFileSync(new URL("convexLosses.json", import.meta.url), "utf8"));
const rows = studyRows(results, solve);
const line = (texts) => `| ${texts.join(" | ")} |`;

for (const tables of [
  [
    ["main", "test error"],
    ["testLoss", "test loss"],
  ],
  [
    ["objective", "objective"],
    ["Q2", "$Q_2$"],
  ],
]) {
  const heads = tables.flatMap(([, title]) => [title, "simulated ± s.e.", "z"]);
  console.log(line(["student / target", "loss", "λ", ...heads]));
  console.log(line(Array.from({ length: 3 + heads.length }, () => "---")));
  for (const row of rows)
    console.log(
      line(
        cells(
          row,
          tables.map(([name]) => name),
        ),
      ),
    );
  console.log();
}
const within = rows.flatMap(({ values }) =>
  Object.values(values)
    .flat()
    .map(([theory, [mean, error]]) => Math.abs(mean - theory) / error),
);
const share = (most) => `${((100 * within.filter((z) => z <= most).length) / within.length).toFixed(0)} %`;
console.log(
  `${rows.length} points; of ${within.length} numbers, ${share(1)} within 1 s.e., ${share(2)} within 2, ${share(3)} within 3.`,
);
