import { toCsv } from "../../../src/index.ts";
import { type ChartDescription, numberedRole, type Series } from "../chart.ts";
import { isLogarithmic, numberField } from "../fields.ts";
import { markerAt } from "../pictures.ts";
import type { Request } from "../state.ts";
import { QUANTITIES, type QuantityName } from "./quantities.ts";
import type { StatisticsCurve } from "./statisticsCurve.ts";

/** The chosen numbers against the axis; beside parts of the test error, their sum with the noise: itself. */
export function statisticsChart(
  { rows, axis, domain }: StatisticsCurve,
  quantity: QuantityName,
  model: Request["model"],
  logarithmic: boolean,
): ChartDescription {
  const { title, lines } = QUANTITIES[quantity];
  const points = (name: string) => rows.map(({ x, numbers }) => ({ x, y: numbers[name] ?? NaN }));
  const total: Series = { label: "test error", role: "reference", style: "solid", points: points("testError") };
  return {
    title: `${title}, trained network`,
    x: { title: numberField(axis).axisTitle, domain, logarithmic: isLogarithmic(axis) },
    y: { title: quantity === "classificationError" ? "error rate" : "error", logarithmic },
    series: [
      ...(quantity === "classificationError" ? [] : [total]),
      ...Object.entries(lines).map(([name, label], i): Series => {
        return { label, role: numberedRole(i), style: "solid", points: points(name) };
      }),
    ],
    marker: markerAt(model, axis),
  };
}

/** All numbers of every point. */
export function statisticsCsv({ rows, axis }: StatisticsCurve): string {
  return toCsv(rows.map(({ x, numbers }) => ({ [axis]: x, status: "converged", ...numbers })));
}
