import { ParameterError } from "../../errors.ts";
import { choice, either, integer, type Kind, list, TEXT } from "../../parameters/kinds.ts";
import { checkValue, refuseUnknown } from "../../parameters/legal.ts";
import { SWEEP_PARAMETERS } from "../../parameters/table.ts";
import { learningCurve, type LearningCurveOptions } from "../../plot/learningCurve.ts";
import type { PlottedRow } from "../../plot/plottedRow.ts";
import { decodeArrays } from "./arrays.ts";
import { LOOK_KINDS } from "../runOptions.ts";
import { BASELINES, type BaselineName } from "../../plot/references.ts";
import { drawnSvg } from "../outputs.ts";
import type { Method } from "./task.ts";
import { objectOf } from "./params.ts";

const OPTIONS: Readonly<Record<string, Kind>> = {
  x: choice(...SWEEP_PARAMETERS),
  series: { type: "list", of: choice(...SWEEP_PARAMETERS), legal: "a list of swept parameters" },
  quantity: either(TEXT, list(TEXT, "a name or a list of names")),
  baselines: { type: "list", of: choice(...(Object.keys(BASELINES) as BaselineName[])), legal: "a list of names" },
  ...LOOK_KINDS,
};
const COUNT = integer(0);
const FORMAT = choice("vega-lite", "svg");

/**
 * The figure of a curve, from the columns that `curve` gave and the options of `learningCurve`: its Vega-Lite specification, or with
 * `format: "svg"` as `{svg}`.
 */
export const figureMethod: Method = async (params) => {
  const { columns, format = "vega-lite", ...options } = objectOf(decodeArrays("", params));
  refuseUnknown(options, Object.keys(OPTIONS), "no option of a figure");
  const given = Object.entries(options).filter(([name, value]) => name !== "series" || (value as unknown[]).length > 0);
  const checked = given.map(([name, value]) => [name, checkValue(name, value, OPTIONS[name]!)]);
  checkValue("format", format, FORMAT);
  const figure = learningCurve(rowsOf(objectOf(columns)), Object.fromEntries(checked) as LearningCurveOptions);
  return format === "svg" ? { svg: await drawnSvg(figure) } : figure;
};

/** Numbers of a simulated value. */
const ESTIMATE = ["mean", "standardError", "z"];

/** Simulated values have their quantity's name, points and all: `simulation.ensembleOfTwo.freshBoth.testError.mean`. */
function pathOf(name: string): string[] {
  const path = name.split(".");
  const [first, ...within] = path;
  const number = within.at(-1);
  if (first !== "simulation" || within.length < 3 || !ESTIMATE.includes(number!)) return path;
  return [first, within.slice(0, -1).join("."), number!];
}

/** Rows from columns: a name with points is that of a field within a field, and NaN is absent. */
function rowsOf(columns: Readonly<Record<string, unknown>>): PlottedRow[] {
  const lists = Object.entries(columns).map(([name, values]): [string[], unknown[]] => {
    if (!Array.isArray(values)) throw new ParameterError(`columns.${name}`, values, "a list");
    const path = pathOf(name);
    const foreign = path.find((part) => part in Object.prototype);
    if (foreign !== undefined) throw new ParameterError("columns", name, `names without ${foreign}`);
    return [path, values];
  });
  const count = checkValue("columns", lists[0]?.[1].length ?? 0, COUNT) as number;
  return Array.from({ length: count }, (_, i) => {
    const row: Record<string, unknown> = {};
    for (const [path, values] of lists) {
      const value = values[i];
      if (value === null || value === undefined || Number.isNaN(value)) continue;
      let place = row;
      for (const part of path.slice(0, -1)) {
        const within = (place[part] ??= {});
        if (typeof within !== "object") throw new ParameterError("columns", path.join("."), `no name within ${part}, which has values`); // prettier-ignore
        place = within as Record<string, unknown>;
      }
      place[path.at(-1)!] = value;
    }
    return row as unknown as PlottedRow;
  });
}
