import { flattenOverlaps } from "../json/overlaps.ts";
import type { RidgeSolution } from "../solver/deterministicEquivalent.ts";

/** Second spellings of Q1 and Q2. */
const REPEATED = ["q1", "q2"];

/** A solution for reading: one quantity a line. */
export function solutionReport(solution: RidgeSolution): string {
  const { testError, excessRisk, trainError, objective, overlaps, iterations, residual, errorEstimate } = solution;
  const homogeneous = overlaps.psi.length === 1;
  const shown = Object.entries(flattenOverlaps(overlaps, !homogeneous)).filter(([name]) => !REPEATED.includes(name));
  const lines: [string, string][] = [
    ["test error", digits(testError)],
    ["excess risk", digits(excessRisk)],
    ["training error", digits(trainError)],
    ["objective", digits(objective)],
    ...shown.map(([name, value]): [string, string] => [name, values(value)]),
    ["convergence", `${iterations} iterations, residual ${residual.toExponential(1)}`],
    ["estimated relative error", errorEstimate.toExponential(1)],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `${name.padEnd(width)}  ${value}\n`).join("");
}

function values(value: unknown): string {
  if (!Array.isArray(value)) return digits(value as number);
  return `[${value.map(values).join(", ")}]`;
}

function digits(value: number): string {
  return Number(value.toPrecision(10)).toString();
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
