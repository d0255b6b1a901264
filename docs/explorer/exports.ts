import { sweptValue } from "../../src/curve/sweep.ts";
import { toCsv } from "../../src/index.ts";
import { nameInStep, stepParameter } from "../../src/parameters/table.ts";
import { AXES, isLogarithmic } from "./fields.ts";
import type { ChartDescription } from "./chart.ts";
import type { Request, SimulationSettings } from "./state.ts";
import { type ExplorerRow, THEORIES, type TheoryName } from "./theory.ts";
import type { SimulatedPoint } from "./simulationWorker.ts";

/** Points of an exported sweep. */
const COUNT = 60;

/** The drawn curves with all their numbers, and the simulated points with those of their networks, as a table. */
export function errorsCsv(
  rows: Readonly<Record<TheoryName, readonly ExplorerRow[]>>,
  { model, axis }: Request,
  simulated: readonly SimulatedPoint[],
  settings: SimulationSettings | undefined,
): string {
  const theory = THEORIES.flatMap((name) =>
    rows[name].map((row) => ({
      theory: name,
      ...row,
      testErrorStandardError: undefined,
      trainErrorStandardError: undefined,
      ...NO_NETWORKS,
    })),
  );
  const simulation = simulated.map(({ x, testError, trainError }) => {
    const { sampleRatio, widthRatio, ridge } = model;
    return {
      theory: "simulation",
      ...{ sampleRatio, widthRatio, ridge, [axis]: x },
      status: "simulated",
      testError: testError.mean,
      trainError: trainError.mean,
      testErrorStandardError: testError.standardError,
      trainErrorStandardError: trainError.standardError,
      ...(settings ?? NO_NETWORKS),
    };
  });
  return toCsv([...theory, ...simulation]);
}

/** Of rows that were not simulated. */
const NO_NETWORKS = { dimension: undefined, trials: undefined, seed: undefined };

/** What a chart draws, point by point. */
export function chartCsv({ series }: ChartDescription): string {
  return toCsv(
    series.flatMap(({ label, points }) => points.map(({ x, y }) => ({ curve: label, x, y, status: "converged" }))),
  );
}

/** Equivalent code against the published package. */
export function codeOf({ model, axis, domain }: Request): string {
  const fields = Object.entries(model).filter(([name]) => name !== axis);
  const values = stepParameter(axis) ? "values" : axis;
  const sweep = stepParameter(axis) ? `${JSON.stringify(axis)}: ${values}` : axis;
  const lines = fields.map(([name, value]) => `  ${name}: ${literal(value)},`);
  return [
    `import { curve } from "replica-theory";`,
    ``,
    `const network = {`,
    ...lines,
    `} as const;`,
    `const ${values} = ${sweepCode(domain, isLogarithmic(axis))};`,
    `const rows = (["network", "srf"] as const).flatMap((theory) =>`,
    `  curve({ ...network, theory }, { sweep: { ${sweep} } }).map((row) => ({ theory, ...row })),`,
    `);`,
    ``,
  ].join("\n");
}

function sweepCode([min, max]: readonly [number, number], logarithmic: boolean): string {
  const t = `i / ${COUNT - 1}`;
  const value = logarithmic ? `${min} * ${literal(max / min)} ** (${t})` : `${min} + ${literal(max - min)} * (${t})`;
  return `Array.from({ length: ${COUNT} }, (_, i) => ${value})`;
}

function literal(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(literal).join(", ")}]`;
  if (typeof value === "object" && value !== null) {
    const fields = Object.entries(value).map(([name, item]) => `${name}: ${literal(item)}`);
    return `{ ${fields.join(", ")} }`;
  }
  if (typeof value === "number") return value === Infinity ? "Infinity" : String(Number(value.toPrecision(15)));
  return JSON.stringify(value);
}

/** Equivalent command line. */
export function commandOf(
  { model, axis, domain: [min, max] }: Request,
  simulation: SimulationSettings | undefined,
): string {
  const sweep = `${min}:${max}:${COUNT}${isLogarithmic(axis) ? ":log" : ""}`;
  const options = [
    `--student ${quoted(model.student)}`,
    `--target ${quoted(model.target)}`,
    ...AXES.flatMap((name) => {
      const value = sweptValue(model, name);
      return value === undefined ? [] : [option(name, name === axis ? sweep : shown(Number(value)))];
    }),
    ...("steps" in model ? [`--steps ${quoted(stepsJson(model.steps ?? [], axis, sweep))}`] : []),
    ...(model.readoutValues ? [option("readoutValues", model.readoutValues.map(shown).join(","))] : []),
    ...(model.readoutFractions ? [option("readoutFractions", model.readoutFractions.map(shown).join(","))] : []),
    `--theory both`,
    ...(simulation
      ? [
          `--simulate network --dimension ${simulation.dimension} --trials ${simulation.trials} --seed ${simulation.seed}`,
        ]
      : []),
    `--out curve.csv curve.svg`,
  ];
  return `replica-theory curve ${options.join(" \\\n  ")}\n`;
}

/** Steps as the command line reads them, the swept number as its range. */
function stepsJson(steps: readonly object[], axis: string, sweep: string): string {
  return JSON.stringify(
    steps.map((step, t) =>
      Object.fromEntries(
        Object.entries(step).map(([field, value]: [string, unknown]) => [
          field,
          axis === nameInStep(t, field) ? sweep : value === Infinity ? "inf" : value,
        ]),
      ),
    ),
  );
}

/** A value that starts with a minus sign must not be taken for an option. */
function option(name: string, value: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}${value.startsWith("-") ? "=" : " "}${value}`;
}

function shown(value: number): string {
  return value === Infinity ? "inf" : String(value);
}

/** For any POSIX shell. */
function quoted(text: string): string {
  return /^[\w.]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}
