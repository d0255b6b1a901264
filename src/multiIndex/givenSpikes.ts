import { activation } from "../activation/activation.ts";
import { ParameterError } from "../errors.ts";
import { checkReadout } from "../model/validation.ts";
import { symmetricEigen } from "../numerics/symmetricEigen.ts";
import { multiIndexTarget } from "../target/multiIndexTarget.ts";
import type { SpikesInDirections } from "./description.ts";
import { dot, type Rows } from "./geometry.ts";
import type { SpikedFeatures } from "./spikeColumns.ts";

/** Features with spikes of one's own, in special coordinates: those of κ, then those of ζ. */
export interface SpikedDirections {
  readonly features: SpikedFeatures;
  /** Cholesky factors of each group's `specialCovariance`; absent for c_k I. */
  readonly factors?: readonly Rows[];
}

/** @throws ParameterError for shapes that do not fit, overlaps that are none, or a covariance that is none */
export function spikedDirections(description: SpikesInDirections): SpikedDirections {
  const { spikes, alignment, specialCovariance, zetaBasis } = description;
  const [K, q, m] = [spikes.length, spikes[0]!.length, alignment[0]!.length];
  const target = multiIndexTarget(description.target);
  requireShape("spikes", spikes, K, q);
  requireShape("alignment", alignment, q, m);
  if (m > target.directions) {
    throw new ParameterError(
      "alignment",
      alignment,
      `rows of at most ${target.directions} entries, the x's that the target names`,
    );
  }
  if (m < target.directions) {
    throw new ParameterError(
      "alignment",
      alignment,
      `rows of ${target.directions} entries, one per x that the target names`,
    );
  }
  const fractions = checkReadout(new Array<number>(K).fill(1), description.readoutFractions).fractions;
  const c = description.bulkVariance!;
  const variances = typeof c === "number" ? new Array<number>(K).fill(c) : c;
  if (variances.length !== K)
    throw new ParameterError("bulkVariance", c, `one number, or one per row of spikes (${K})`);
  const rest = zetaBasis ?? defaultBasis(alignment);
  const width = rest[0]?.length ?? 0;
  if (zetaBasis) requireBasis(alignment, zetaBasis);
  const features: SpikedFeatures = {
    student: activation(description.student, "student"),
    target,
    labelNoise: description.labelNoise!,
    fractions,
    R: spikes.map((row) => [...row, ...new Array<number>(width).fill(0)]),
    tau: variances.map(Math.sqrt),
    theta: Array.from({ length: m }, (_, i) => [...alignment.map((row) => row[i]!), ...rest[i]!]),
  };
  if (!specialCovariance) return { features };
  if (width > 0 && !zetaBasis) {
    throw new ParameterError("zetaBasis", undefined, "required with specialCovariance, to say which ζ it speaks of");
  }
  if (specialCovariance.length !== K) {
    throw new ParameterError("specialCovariance", specialCovariance, `one matrix per row of spikes (${K})`);
  }
  return { features, factors: specialCovariance.map((matrix, k) => cholesky(matrix, q + width, k)) };
}

function requireShape(name: string, rows: Rows, count: number, width: number): void {
  if (rows.length !== count || rows.some((row) => row.length !== width)) {
    throw new ParameterError(name, rows, `${count} rows of ${width} numbers`);
  }
}

const ORTHONORMAL = 1e-9;

/** L = E diag(ρ) from I − ΓᵀΓ, which has to be a covariance. */
function defaultBasis(alignment: Rows): number[][] {
  const m = alignment[0]!.length;
  const { values, vectors } = symmetricEigen(remainder(alignment));
  if (values[0]! < -ORTHONORMAL) {
    throw new ParameterError("alignment", alignment, "overlaps of orthonormal directions: ΓᵀΓ ≤ 1");
  }
  const kept = values.map((_, b) => b).filter((b) => values[b]! > 1e-12);
  return Array.from({ length: m }, (_, i) => kept.map((b) => vectors[b]![i]! * Math.sqrt(values[b]!)));
}

function remainder(alignment: Rows): number[][] {
  const m = alignment[0]!.length;
  return Array.from({ length: m }, (_, i) =>
    Array.from({ length: m }, (_, j) => (i === j ? 1 : 0) - alignment.reduce((sum, row) => sum + row[i]! * row[j]!, 0)),
  );
}

function requireBasis(alignment: Rows, basis: Rows): void {
  const wanted = remainder(alignment);
  const fits =
    basis.length === wanted.length &&
    wanted.every((row, i) => row.every((value, j) => Math.abs(value - dot(basis[i]!, basis[j]!)) < ORTHONORMAL));
  if (!fits) throw new ParameterError("zetaBasis", basis, "L with L Lᵀ = I − ΓᵀΓ, one row per direction of the target");
}

function cholesky(matrix: Rows, size: number, k: number): number[][] {
  const name = `specialCovariance[${k}]`;
  requireShape(name, matrix, size, size);
  const factor = matrix.map((row) => row.map(() => 0));
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      if (Math.abs(matrix[i]![j]! - matrix[j]![i]!) > ORTHONORMAL * (1 + Math.abs(matrix[i]![j]!))) {
        throw new ParameterError(name, matrix, "a symmetric matrix");
      }
      const rest = matrix[i]![j]! - dot(factor[i]!.slice(0, j), factor[j]!.slice(0, j));
      if (i === j && !(rest > 0)) throw new ParameterError(name, matrix, "a positive definite matrix");
      factor[i]![j] = i === j ? Math.sqrt(rest) : rest / factor[j]![j]!;
    }
  }
  return factor;
}
