import { type BulkResolvent, isotropicResolvent } from "./bulkResolvent.ts";
import { combination, dot, type Rows, type SpecialGeometry } from "./geometry.ts";
import { spikeColumns, type SpikeColumns, type SpikedFeatures } from "./spikeColumns.ts";
import type { Source, SpikeProblem } from "./spikeProblem.ts";
import type { Tangent } from "./tangent.ts";

/** A model with spikes in several directions: it makes its problem on a grid that resolves given susceptibilities. */
export interface SpikeModel {
  readonly features: SpikedFeatures;
  readonly problem: (susceptibilities: readonly number[]) => SpikeProblem;
}

/** How the sources of a model are made, and its bulk. */
export interface SourcesAndBulk {
  readonly sources: (columns: SpikeColumns) => readonly Source[];
  readonly resolvent: (geometry: SpecialGeometry) => BulkResolvent;
  readonly ownForms: boolean;
  /**
   * Where the row norms are known to leading order only, so that the truth lies between their sources and none: whether the
   * solution is the one with them.
   */
  readonly leading?: boolean;
}

export function spikeModel(features: SpikedFeatures, meanStrength: number, made: SourcesAndBulk): SpikeModel {
  return {
    features,
    problem(susceptibilities) {
      const columns = spikeColumns(features, susceptibilities);
      const { geometry, rule, mu0, mu1, mu2Squared, h, slopes, square, error } = columns;
      return {
        rule,
        bulkVariance: features.tau.map((tau) => tau * tau),
        rest: geometry.rest,
        fractions: features.fractions,
        spikes: geometry.spikes,
        mu0,
        mu1,
        mu2Squared,
        sources: made.sources(columns),
        h,
        slopes,
        square,
        labelNoise: features.labelNoise,
        toTarget: features.theta.map((_, i) => [...geometry.gamma.map((row) => row[i]!), ...(geometry.L[i] ?? [])]),
        ownForms: made.ownForms,
        ...(made.leading === undefined ? {} : { leading: made.leading }),
        meanStrength,
        error,
        resolvent: () => made.resolvent(geometry),
      };
    },
  };
}

/** Components of the bulk as independent sources: J is D×S in special coordinates, with a row of the norm at its end or none. */
export interface GroupSources {
  readonly direct: Rows;
  readonly norm?: readonly number[];
}

/**
 * Independent sources (multiIndex §2): source s of group k carries X_s = μ1_k Σ_a J_asκ_a + J_τs ν_k and Y_sb = μ1_kJ_bs.
 *
 * @param J per group
 */
export function independentSources(features: SpikedFeatures, J: readonly GroupSources[]): SourcesAndBulk {
  return {
    ownForms: false,
    resolvent: () => isotropicResolvent(features.tau.map((tau) => tau * tau)),
    sources: (columns) =>
      J.flatMap(({ direct, norm }, group) =>
        (direct[0] ?? []).map((_, s) => {
          const column = direct.map((row) => row[s]!);
          const vector = columns.geometry.P.map((p) => dot(column, p));
          return sourceOf(columns, group, vector, norm?.[s] ?? 0);
        }),
      ),
  };
}

/** The function of a source of given components on P and on the norm. */
export function sourceOf(columns: SpikeColumns, group: number, vector: readonly number[], alongNorm: number): Source {
  const { rule, geometry, mu1, norm } = columns;
  const linear = mu1[group]!;
  const { q, rest } = geometry;
  const X = linear.map((value, i) => {
    let along = 0;
    for (let a = 0; a < q; a++) along += vector[a]! * rule.coordinates[a]![i]!;
    return value * along + alongNorm * norm[group]![i]!;
  });
  const Y = Array.from({ length: rest }, (_, b) => {
    const part = vector[q + b]!;
    return part === 0 ? undefined : linear.map((value) => part * value);
  });
  return { group, X, Y, vector, alongNorm };
}

/** J = τ_k I on the whole special space. */
export function isotropicSources(features: SpikedFeatures): SourcesAndBulk {
  const sources = (columns: SpikeColumns) => {
    const size = columns.geometry.P.length;
    return features.tau.flatMap((tau, group) =>
      Array.from({ length: size }, (_, axis) => {
        const vector = Array.from({ length: size }, (_, a) => (a === axis ? tau : 0));
        return sourceOf(columns, group, vector, 0);
      }),
    );
  };
  return { ownForms: false, resolvent: () => isotropicResolvent(features.tau.map((tau) => tau * tau)), sources };
}

/** Tangents along the target as sources in special coordinates of D dimensions. */
export function tangentSources(tangents: readonly Tangent[], theta: Rows, rowNorms: boolean): readonly GroupSources[] {
  return tangents.map(({ direct, norm }) => {
    const columns = direct.map((_, s) =>
      combination(
        direct.map((row) => row[s]!),
        theta,
      ),
    );
    const D = theta[0]!.length;
    const rows = Array.from({ length: D }, (_, c) => columns.map((column) => column[c]!));
    return rowNorms ? { direct: rows, norm } : { direct: rows };
  });
}
