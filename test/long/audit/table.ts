import { type ModelDescription, trySolve } from "../../../src/index.ts";
import { randomCase, randomRate, uniform } from "./cases.ts";
import { derivativeCase, randomNetwork } from "./derivative.ts";
import { linearRidgeless } from "./linear.ts";
import { marchenkoPastur } from "./marchenkoPastur.ts";
import { randomFeatures } from "./meiMontanari.ts";
import type { AuditCase } from "./literal.ts";
import { audit, descriptionOf, difference } from "./spiked.ts";

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

export const emptyRow = (): AuditRow => ({ cases: 0, unconverged: [], flagged: 0, worstResidual: 0, worst: {} });

/** Error estimate from which on a case is flagged. */
const FLAGGED = 1e-9;

const OVER_ROOT = "learned function, over the root of the error estimate";
const OVER_ESTIMATE = "flagged: worst of all, over the error estimate";

/** What a worst value has to stay below: a relative error, or its ratio to what the library estimates. */
export const limitOf = (observable: string): number => (/over (?:the|its|their) /.test(observable) ? 2 : 1e-8);

/** Keeps the worst difference of each observable. */
export function note(row: AuditRow, differences: Record<string, number>, at: object): void {
  for (const [name, value] of Object.entries(differences)) {
    // A NaN is the worst of all.
    if (!(value <= (row.worst[name]?.difference ?? -1))) row.worst[name] = { difference: value, at };
  }
}

/** Theory §4 as it is written, on a finer grid: all observables. */
export const spikedRow = (seeds: readonly number[]): AuditRow =>
  literalRow(seeds, (random) => {
    const item = randomCase(random);
    return { item, description: descriptionOf(item) };
  });

/** The same for the small and the intermediate rates. */
export const ratesRow = (seeds: readonly number[]): AuditRow => literalRow(seeds, randomRate);

type RandomModel = (random: () => number) => { readonly description: ModelDescription; readonly item: AuditCase };

function literalRow(seeds: readonly number[], model: RandomModel): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const { description, item } = model(uniform(seed));
    const { result, differences } = audit(description, item);
    row.cases++;
    const at = { seed, ...description };
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

/** The derivative of the objective, of models whose bulk is not isotropic. */
export function derivativeRow(seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const model = randomNetwork(uniform(seed));
    const { result, differences } = derivativeCase(model);
    row.cases++;
    if (result.status !== "converged") row.unconverged.push({ seed, ...model, detail: result.detail });
    else {
      row.worstResidual = Math.max(row.worstResidual, result.residual);
      note(row, differences, { seed, ...model });
    }
  }
  return row;
}

/** Spectra of features against the law of Marchenko and Pastur. */
export function spectrumRow(seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const { model, found, expected } = marchenkoPastur(uniform(seed));
    row.cases++;
    for (const name of ["density", "edges", "mass at zero", "mean eigenvalue"] as const) {
      note(row, { [name]: difference(found[name], expected[name], 1e-8) }, { seed, ...model });
    }
  }
  return row;
}

/** The row of all cases of several rows. */
export function merged(rows: readonly AuditRow[]): AuditRow {
  const all = emptyRow();
  for (const row of rows) {
    all.cases += row.cases;
    all.flagged += row.flagged;
    all.unconverged.push(...row.unconverged);
    all.worstResidual = Math.max(all.worstResidual, row.worstResidual);
    for (const [name, { difference, at }] of Object.entries(row.worst)) note(all, { [name]: difference }, at);
  }
  return all;
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
