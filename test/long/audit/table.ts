import { trySolve } from "../../../src/index.ts";
import { randomCase, uniform } from "./cases.ts";
import { linearRidgeless } from "./linear.ts";
import { randomFeatures } from "./meiMontanari.ts";
import { auditSpiked, descriptionOf, difference } from "./spiked.ts";

/** Worst values of one family of cases. */
export interface AuditRow {
  cases: number;
  unconverged: object[];
  /** Cases whose own error estimate says that digits are lost: nearly collinear channels, or a peak of several groups. */
  flagged: number;
  worstResidual: number;
  /** By observable, with the case. */
  readonly worst: Record<string, { readonly difference: number; readonly at: object }>;
}

const emptyRow = (): AuditRow => ({ cases: 0, unconverged: [], flagged: 0, worstResidual: 0, worst: {} });

/** Error estimate from which on a case is flagged. */
const FLAGGED = 1e-9;

const OVER_ROOT = "learned function, over the root of the error estimate";
const OVER_ESTIMATE = "flagged: worst of all, over the error estimate";

/** What a worst value has to stay below: a relative error, or its ratio to what the library says of it. */
export const limitOf = (observable: string): number => ([OVER_ROOT, OVER_ESTIMATE].includes(observable) ? 1 : 1e-8);

function note(row: AuditRow, differences: Record<string, number>, at: object): void {
  for (const [name, value] of Object.entries(differences)) {
    // A NaN is the worst of all.
    if (!(value <= (row.worst[name]?.difference ?? -1))) row.worst[name] = { difference: value, at };
  }
}

/** Theory §4 as it is written, on a finer grid: all observables. */
export function spikedRow(seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const item = randomCase(uniform(seed));
    const { result, differences } = auditSpiked(item);
    row.cases++;
    const at = { seed, ...descriptionOf(item) };
    if (result.status !== "converged") {
      row.unconverged.push({ ...at, detail: result.detail });
      continue;
    }
    row.worstResidual = Math.max(row.worstResidual, result.residual);
    const { "learned function": learned = 0, ...others } = differences;
    // The test error is quadratic in the learned function.
    const first = { [OVER_ROOT]: learned / Math.sqrt(result.errorEstimate) };
    if (result.errorEstimate > FLAGGED) {
      row.flagged++;
      const worst = Math.max(...Object.values(others));
      note(row, { [OVER_ESTIMATE]: worst / result.errorEstimate }, at);
    } else note(row, { ...others, ...first }, at);
  }
  return row;
}

const CLOSED_FORMS = { "Mei and Montanari": randomFeatures, "linear, ridgeless": linearRidgeless };

/** Test errors against closed forms. */
export function closedFormRow(name: keyof typeof CLOSED_FORMS, seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const { description, expected } = CLOSED_FORMS[name](uniform(seed));
    const result = trySolve(description);
    row.cases++;
    if (result.status !== "converged") row.unconverged.push({ seed, ...description, detail: result.detail });
    else {
      row.worstResidual = Math.max(row.worstResidual, result.residual);
      note(row, { "test error": difference([result.testError], [expected]) }, { seed, ...description });
    }
  }
  return row;
}

/** A Markdown table of rows. */
export function tableOf(rows: Readonly<Record<string, AuditRow>>): string {
  const lines = Object.entries(rows).flatMap(([name, { cases, unconverged, flagged, worstResidual, worst }]) =>
    Object.entries(worst).map(
      ([observable, { difference: value }]) =>
        `| ${name} | ${cases} | ${unconverged.length} | ${flagged} | ${worstResidual.toExponential(1)} | ${observable} | ${value.toExponential(1)} |`,
    ),
  );
  const head = "| Family | Cases | Unconverged | Flagged | Worst residual | Observable | Worst relative error |";
  return [head, "|---|---|---|---|---|---|---|", ...lines].join("\n");
}
