import { flattenLossOverlaps } from "../json/overlaps.ts";
import type { LossSolution } from "../convex/solution.ts";
import type { RidgeSolution } from "../ridge/solution.ts";
import type { Statistics } from "../statistics/statistics.ts";

/** A solution for reading: one quantity a line. */
export function solutionReport(solution: RidgeSolution | LossSolution): string {
  const { objective, overlaps, iterations, residual, errorEstimate } = solution;
  const homogeneous = overlaps.psi.length === 1;
  const lines: [string, string][] = [
    ...errors(solution).map(([name, value]): [string, string] => [name, digits(value)]),
    ["objective", digits(objective)],
    ...Object.entries(flattenLossOverlaps(overlaps, !homogeneous)).map(([name, value]): [string, string] => [
      name,
      values(value),
    ]),
    ["convergence", `${iterations} iterations, residual ${residual.toExponential(1)}`],
    ["estimated relative error", errorEstimate.toExponential(1)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

/** The fields of a solution for reading, one a line. */
export function fieldReport(fields: Readonly<Record<string, unknown>>): string {
  const lines = Object.entries(fields).filter(([, value]) => typeof value === "number" || Array.isArray(value));
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${values(value)}\n`).join("");
}

/** Statistics for reading: every number under its name in JSON. */
export function statisticsReport(result: RidgeSolution & Statistics): string {
  const { ensembles } = result;
  const names = STATISTICS.filter((name) => result[name] !== undefined);
  const lines = names.map((name): [string, string] => [name, digits(result[name]!)]);
  const width = Math.max(...names.map((name) => name.length));
  const cells = Object.entries(ensembles ?? {}).flatMap(([kind, sizes]) =>
    sizes.map(({ members, testError, classificationError }) => [
      ...[kind, members === Infinity ? "inf" : `${members}`],
      ...[digits(testError), digits(classificationError)],
    ]),
  );
  const head = ["ensemble", "members", "test error", "classification error"];
  const shown = lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
  return `\n${shown}${cells.length > 0 ? `\n${table([head, ...cells])}` : ""}`;
}

const STATISTICS = [
  ...([
    "classificationError",
    "classificationErrorEstimate",
    "biasSquared",
    "varianceWeights",
    "varianceInputs",
  ] as const),
  ...(["varianceInputsNoise", "varianceWeightsInputs", "varianceWeightsInputsNoise", "sameWeightsFreshNoise"] as const),
  ...(["sameWeightsFreshSamples", "freshWeightsSameSamples", "freshWeightsFreshNoise", "freshBoth"] as const),
  ...(["kernelRidge", "freshSpike", "freshSpikeSameSamples", "freshStep", "freshStepSameSamples"] as const),
];

function errors(solution: RidgeSolution | LossSolution): [string, number][] {
  const losses = (loss: LossSolution): [string, number][] => [
    ["test loss", loss.testLoss],
    ["training loss", loss.trainLoss],
  ];
  if ("kind" in solution && solution.kind === "margin") {
    return [
      ["test classification error", solution.testClassificationError],
      ["training classification error", solution.trainClassificationError],
      ...losses(solution),
    ];
  }
  return [
    ["test error", solution.testError],
    ["excess risk", solution.excessRisk],
    ["training error", solution.trainError],
    ...("kind" in solution ? losses(solution) : []),
  ];
}

function values(value: unknown): string {
  if (!Array.isArray(value)) return digits(value as number);
  return `[${value.map(values).join(", ")}]`;
}

function digits(value: number): string {
  return Number(value.toPrecision(10)).toString();
}

const NAMES: Readonly<Record<string, string>> = {
  testError: "test error",
  excessRisk: "excess risk",
  trainError: "training error",
  lower: "lower bound",
  upper: "upper bound",
  linearBaseline: "best linear predictor",
  alongTarget: "along target",
  spikeAlongTarget: "spikes along target",
  spikeAlongFirst: "spikes along that of step 1",
  gradientAlongTarget: "gradient along target",
  spikeGram: "RRᵀ",
  bulkVariance: "bulk variance",
};

/** Named quantities for reading, one a line, those of parts beside their names. */
export function quantityReport(quantities: Readonly<Record<string, unknown>>): string {
  const { iterations, residual, errorEstimate, rowNormValues, afterSteps, reusedStep, ...shown } = quantities;
  const norms = Object.entries((rowNormValues ?? {}) as Readonly<Record<string, number>>);
  const steps = ((afterSteps ?? []) as readonly Readonly<Record<string, unknown>>[]).flatMap((step, t) =>
    Object.entries(step).map(([name, value]) => [`step ${t + 1}: ${NAMES[name] ?? name}`, values(value)]),
  );
  const { errorEstimate: reusedError, ...reused } = (reusedStep ?? {}) as Readonly<Record<string, unknown>>;
  const lines = [
    ...Object.entries(shown).map(([name, value]) => [NAMES[name] ?? name, values(value)]),
    ...norms.map(([name, value]) => [`test error, row norms ${name}`, digits(value)]),
    ...(steps.length > 3 ? steps : []),
    ...Object.entries(reused).map(([name, value]) => [`same batch again: ${NAMES[name] ?? name}`, values(value)]),
    ...(typeof reusedError === "number" ? [["same batch again: error", reusedError.toExponential(1)]] : []),
    ...(typeof residual === "number"
      ? [["convergence", `${String(iterations)} iterations, residual ${residual.toExponential(1)}`]]
      : []),
    ...(typeof errorEstimate === "number" ? [["estimated relative error", errorEstimate.toExponential(1)]] : []),
  ];
  return table(lines);
}

/** Lines of cells in aligned columns. */
export function table(lines: readonly (readonly string[])[]): string {
  const widths = lines[0]!.map((_, i) => Math.max(...lines.map((cells) => cells[i]!.length)));
  return lines
    .map(
      (cells) =>
        `${cells
          .map((cell, i) => cell.padEnd(widths[i]!))
          .join("  ")
          .trimEnd()}\n`,
    )
    .join("");
}
