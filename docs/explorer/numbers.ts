import type { CurveRow, FailedRow, MultiIndexRow } from "../../src/curve/sweep.ts";
import type { SeveralNumbers } from "./steps/several.ts";
import type { ExplorerRow, LearnedFunctions, StepNumbers, TheoryName } from "./theory.ts";

/** A row of the table of numbers at the marked point. */
export interface NumberRow {
  readonly name: string;
  readonly value: (theory: TheoryName) => string;
}

const digits = (value: number | undefined) =>
  value === undefined ? "–" : String(Number(value.toPrecision(5))).replace("-", "−");
const list = (values: readonly number[] | undefined) => (values ? values.map(digits).join(", ") : "–");
/** Fewer digits, where a row of the table has many numbers. */
const short = (value: number) => String(Number(value.toPrecision(3))).replaceAll("-", "−");
/** Beside 1, what is less is rounding. */
const ROUNDING = 1e-13;
const rowsOf = (matrix: readonly (readonly number[])[] | undefined) =>
  matrix
    ? matrix.map((row) => row.map((value) => short(Math.abs(value) < ROUNDING ? 0 : value)).join(", ")).join("; ")
    : "–";

type Solved = Extract<ExplorerRow, { readonly status: "converged" }>;

/** The numbers at the marked point: those of one step and direction, or of several. */
export function numberRows({ rows, step }: LearnedFunctions): NumberRow[] {
  const solved = (theory: TheoryName): Solved | undefined => {
    const row = rows[theory];
    return row.status === "converged" ? row : undefined;
  };
  const middle = isOfSeveral(step.network) ? severalRows(rows, step) : oneRows(rows, step);
  return [
    { name: "test error", value: (theory) => digits(solved(theory)?.testError) },
    { name: "training error", value: (theory) => digits(solved(theory)?.trainError) },
    { name: "linear predictor", value: (theory) => digits(solved(theory)?.linearBaseline) },
    ...middle,
    {
      name: "relative error, estimated",
      value: (theory) => solved(theory)?.errorEstimate.toExponential(0).replace("-", "−") ?? "–",
    },
  ];
}

const isOfSeveral = (step: StepNumbers | SeveralNumbers): step is SeveralNumbers => "spikeAlongTarget" in step;

function oneRows(rows: LearnedFunctions["rows"], step: LearnedFunctions["step"]): NumberRow[] {
  const overlaps = (theory: TheoryName) => {
    const row = rows[theory] as CurveRow;
    return row.status === "converged" ? row.overlaps : undefined;
  };
  const made = step as Readonly<Record<TheoryName, StepNumbers>>;
  return [
    { name: "m", value: (theory) => list(overlaps(theory)?.m) },
    { name: "ψ", value: (theory) => list(overlaps(theory)?.psi) },
    { name: "spike strength r", value: (theory) => digits(made[theory].spikeStrength) },
    { name: "alignment γ", value: (theory) => digits(made[theory].alignment) },
    { name: "bulk variance c", value: (theory) => list(made[theory].bulkVariance) },
  ];
}

/** A row per group, separated by semicolons. */
function severalRows(rows: LearnedFunctions["rows"], step: LearnedFunctions["step"]): NumberRow[] {
  const solved = (theory: TheoryName) => {
    const row = rows[theory] as MultiIndexRow | FailedRow;
    return row.status === "converged" ? row : undefined;
  };
  const made = step as Readonly<Record<TheoryName, SeveralNumbers>>;
  const norms = solved("network")?.rowNormValues;
  return [
    ...(norms
      ? [
          {
            name: "test error without row norms; with the leading ones",
            value: (theory: TheoryName) =>
              theory === "network" ? `${digits(norms.without)}; ${digits(norms.leading)}` : "–",
          },
        ]
      : []),
    { name: "m", value: (theory) => list(solved(theory)?.overlaps.m) },
    { name: "readout along θᵢ", value: (theory) => rowsOf(solved(theory)?.overlaps.alongTarget) },
    { name: "spikes along θᵢ", value: (theory) => rowsOf(made[theory].spikeAlongTarget) },
    { name: "bulk variance c", value: (theory) => list(made[theory].bulkVariance) },
  ];
}
