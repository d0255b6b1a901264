import { ParameterError } from "../errors.ts";
import type { Model } from "../model/model.ts";
import { check, RANGES } from "../model/validation.ts";
import { firstTable } from "../problem/grid.ts";
import type { Table } from "../problem/table.ts";
import { featureRank } from "../ridge/limits.ts";
import { type FeatureResolvent, featureResolvent } from "./featureResolvent.ts";

/** A model whose spectrum is asked for, at one α and β. */
export interface SpectralSystem {
  readonly model: Model;
  /** On a grid that resolves averages over κ. */
  readonly table: Table;
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly resolvent: FeatureResolvent;
  /** max(0, 1 − rank/p) of the features. */
  readonly massAtZero: number;
}

/** @throws ParameterError for α outside (0, ∞], β outside (0, ∞), and for constant features */
export function spectralSystem(
  model: Model,
  point: { readonly sampleRatio: number; readonly widthRatio: number },
): SpectralSystem {
  const sampleRatio = check("sampleRatio", point.sampleRatio, RANGES.positiveOrInfinite);
  const widthRatio = check("widthRatio", point.widthRatio, RANGES.positive);
  const resolvent = featureResolvent(model, sampleRatio, widthRatio);
  if (!(resolvent.firstMoment > 0)) {
    throw new ParameterError("student", model.student.name, "one that is not constant");
  }
  const table = firstTable(model.problem);
  const atom = massAtZero(table, sampleRatio, widthRatio);
  return { model, table, sampleRatio, widthRatio, resolvent, massAtZero: atom };
}

/** max(0, 1 − rank/p) of the features. */
export function massAtZero(table: Table, sampleRatio: number, widthRatio: number): number {
  return Math.max(0, 1 - Math.min(sampleRatio, featureRank(table, widthRatio).rank) / widthRatio);
}
