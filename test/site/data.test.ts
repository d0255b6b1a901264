import { describe, expect, test } from "vitest";
import { layOut } from "../../docs/explorer/chart.ts";
import {
  type DataMessage,
  type DataRequest,
  predict,
  type Prediction,
  rowsAt,
} from "../../docs/explorer/data/dataCurves.ts";
import {
  dataCommandOf,
  numbersAt,
  predictionCsv,
  ridgesChart,
  samplesChart,
} from "../../docs/explorer/data/dataPictures.ts";
import { exampleTable } from "../../docs/explorer/data/example.ts";
import { learningCurveFromData, parseTable, takeLabels } from "../../src/data/browser.ts";

const request = (changes: Partial<DataRequest>): DataRequest => {
  return { text: exampleTable(40, 6), labels: "", intercept: true, anchor: "loo", ...changes };
};
const answersTo = (changes: Partial<DataRequest>): DataMessage[] =>
  [...predict(request(changes))].filter((message) => message !== undefined);

function predictionOf(changes: Partial<DataRequest>): Prediction {
  const last = answersTo(changes).at(-1);
  if (last?.kind !== "curve") throw new Error(last?.kind === "error" ? last.message : "no curve");
  return last.prediction;
}

describe("a pasted table", () => {
  test("gives the library's curve, and the numbers at an n", () => {
    const [table, { prediction }] = answersTo({}) as [DataMessage, { prediction: Prediction }];
    expect(table).toMatchObject({ table: { rows: 40, labels: "y", names: { length: 7 } } });
    const { samples, ridges, curve } = prediction;
    expect([samples[0], samples.at(-1)]).toEqual([2, 80]);
    expect(samples).toContain(40);
    const { features, labels } = takeLabels(parseTable(exampleTable(40, 6)), "y");
    const direct = learningCurveFromData({ features, labels, samples: [40], ridges, intercept: true });
    expect(rowsAt(prediction, 40)).toEqual(direct.rows.filter(({ status }) => status === "converged"));
    const best = curve.best.find((item) => item.samples === 40)!;
    const numbers = Object.fromEntries(numbersAt(prediction, 40).map(({ name, value }) => [name, value]));
    expect(Number(numbers["best ridge λ"])).toBeCloseTo(best.ridge, 2);
    expect(numbers["test error"]).toMatch(/^0\.\d+ ± 0\.\d+$/);
  });

  test("is drawn: best ridge with its band against n, errors against the ridge with the best one marked", () => {
    const prediction = predictionOf({ anchor: "gcv" });
    const bySamples = samplesChart(prediction, 40);
    expect(bySamples.series.map(({ label }) => label.replace(/[\d.]+$/, "…"))).toEqual([
      "best ridge",
      "± standard error",
      "test, λ = …",
      "training, λ = …",
    ]);
    const byRidge = ridgesChart(prediction, 40);
    const [curve] = byRidge.series;
    const least = curve!.points.reduce((a, b) => (b.y < a.y ? b : a));
    const step = prediction.ridges[1]! / prediction.ridges[0]!;
    expect(Math.abs(Math.log(byRidge.marker!.x / least.x))).toBeLessThan(1.01 * Math.log(step));
    for (const chart of [bySamples, byRidge]) {
      for (const { path } of layOut(chart, 600, 300).shapes) expect(path).toMatch(/^M[^N]*$/);
    }
    expect(predictionCsv(prediction).split("\n")).toHaveLength(prediction.curve.rows.length + 2);
    expect(dataCommandOf(prediction)).toMatch(/^replica-theory data table.csv --labels y .*--anchor gcv --intercept/s);
  });

  test.each([
    ["a,b\n1,x\n", {}, /row 2, column b = "x"/],
    ["a,b\n1,\n", {}, /it is missing/],
    ["a,b\n1,2,3\n", {}, /2 cells, as the first row has/],
    ["", {}, /empty/],
    ["1,2\n3,4\n5,6\n", { labels: "7" }, /a column number from 1 to 2/],
    ["a,b\n1,2\n3,2\n5,2\n2,2\n", {}, /labels/],
  ])("what is wrong with %j is said in one line", (text, changes, message) => {
    const last = answersTo({ text, ...changes }).at(-1);
    if (last?.kind !== "error") throw new Error("no error");
    expect(last.message).toMatch(message);
    expect(last.message).not.toContain("\n");
  });

  test("without a header, columns have numbers and the last one the labels", () => {
    const [first] = answersTo({ text: exampleTable(30, 5).split("\n").slice(1).join("\n") });
    expect(first).toMatchObject({
      kind: "table",
      table: { names: ["1", "2", "3", "4", "5", "6"], labels: "6", rows: 30 },
    });
  });
});
