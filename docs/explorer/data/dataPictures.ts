import { toCsv } from "../../../src/index.ts";
import type { ChartDescription, Point, Series } from "../chart.ts";
import { numberedRole } from "../chart.ts";
import { type Prediction, rowsAt } from "./dataCurves.ts";

/** Test error at the best ridge of every n, with its standard error, and at the ridge that is best at the chosen n. */
export function samplesChart(prediction: Prediction, n: number): ChartDescription {
  const { curve, samples } = prediction;
  const chosen = curve.best.find((best) => best.samples === n);
  const best = (of: (item: (typeof curve.best)[number]) => number): Point[] =>
    curve.best.map((item) => ({ x: item.samples, y: of(item) }));
  const nearest = chosen && nearestRidge(prediction, chosen.ridge);
  const along = (name: "testError" | "trainError"): Point[] =>
    curve.rows
      .filter(({ ridge }) => ridge === nearest)
      .map((row) => ({ x: row.samples, y: row.status === "converged" ? row[name] : NaN }));
  const series: Series[] = [
    { label: "best ridge", role: numberedRole(0), style: "solid", points: best(({ testError }) => testError) },
    { label: "± standard error", role: numberedRole(0), style: "dotted", points: band(best) },
    ...(nearest === undefined
      ? []
      : [
          { label: `test, λ = ${nearest}`, role: numberedRole(1), style: "solid" as const, points: along("testError") },
          {
            label: `training, λ = ${nearest}`,
            role: numberedRole(1),
            style: "dashed" as const,
            points: along("trainError"),
          },
        ]),
  ];
  return {
    title: "Predicted error against the number of samples",
    x: { title: "training samples n", domain: [samples[0]!, samples.at(-1)!], logarithmic: true },
    y: { title: "error", logarithmic: false },
    series,
    marker: { x: n, label: `n = ${n}` },
  };
}

/** Both edges of the band in one line, with a gap between them. */
function band(best: (of: (item: Prediction["curve"]["best"][number]) => number) => Point[]): Point[] {
  return [
    ...best(({ testError, standardError }) => testError + standardError),
    { x: NaN, y: NaN },
    ...best(({ testError, standardError }) => testError - standardError),
  ];
}

function nearestRidge({ ridges }: Prediction, ridge: number): number {
  const distance = (other: number) => Math.abs(Math.log(other / ridge));
  return ridges.reduce((near, other) => (distance(other) < distance(near) ? other : near));
}

/** Test and training error against the ridge at one n, the best one marked. */
export function ridgesChart(prediction: Prediction, n: number): ChartDescription {
  const rows = rowsAt(prediction, n);
  const { ridges, curve } = prediction;
  const best = curve.best.find(({ samples }) => samples === n);
  const points = (name: "testError" | "trainError") => rows.map((row) => ({ x: row.ridge, y: row[name] }));
  return {
    title: `Against the ridge, at n = ${n}`,
    x: { title: "ridge λ", domain: [ridges[0]!, ridges.at(-1)!], logarithmic: true },
    y: { title: "error", logarithmic: false },
    series: [
      { label: "test", role: numberedRole(0), style: "solid", points: points("testError") },
      { label: "training", role: numberedRole(0), style: "dashed", points: points("trainError") },
    ],
    ...(best && { marker: { x: best.ridge, label: `best λ = ${Number(best.ridge.toPrecision(3))}` } }),
  };
}

/** What is known at one n and its best ridge, of the row of the grid that is nearest. */
export function numbersAt(prediction: Prediction, n: number): { readonly name: string; readonly value: string }[] {
  const best = prediction.curve.best.find(({ samples }) => samples === n);
  const row = best && rowsAt(prediction, n).find(({ ridge }) => ridge === nearestRidge(prediction, best.ridge));
  if (!best || !row) return [];
  const digits = (value: number) => String(Number(value.toPrecision(4)));
  return [
    { name: "best ridge λ", value: digits(best.ridge) },
    { name: "test error", value: `${digits(best.testError)} ± ${Number(best.standardError.toPrecision(2))}` },
    { name: "training error", value: digits(row.trainError) },
    ...(row.classificationError === undefined
      ? []
      : [{ name: "classification error", value: digits(row.classificationError) }]),
    { name: "degrees of freedom", value: digits(row.degreesOfFreedom) },
    { name: "leave-one-out over GCV − 1", value: row.anchorGap.toFixed(3).replace("-", "−") },
  ];
}

/** Every n with every ridge, with all numbers. */
export function predictionCsv({ curve }: Prediction): string {
  return toCsv(curve.rows);
}

/** The same as a command. */
export function dataCommandOf({ samples, ridges, request }: Prediction): string {
  const { labels, anchor, intercept } = request;
  const column = /^[\w.]+$/.test(labels) ? labels : `'${labels.replaceAll("'", `'\\''`)}'`;
  const options = [
    `--labels ${column}`,
    `--samples ${samples.join(",")}`,
    `--ridge ${ridges.join(",")}`,
    `--anchor ${anchor}${intercept ? " --intercept" : ""}`,
    `--out curve.csv curve.svg`,
  ];
  return `replica-theory data table.csv ${options.join(" \\\n  ")}\n`;
}
