import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { basisFunctions, identityBasis, linearBasis } from "../bulk/linearBasis.ts";
import type { LinearBasis } from "../bulk/weightResolvent.ts";
import type { Problem } from "../problem/problem.ts";
import { Rows } from "../problem/rows.ts";
import { type Table, tabulate } from "../problem/table.ts";
import { susceptibilityBasis } from "../ridge/equations.ts";

/** What the bulk needs of a model on one grid of κ. */
export interface KappaTable {
  readonly weights: Float64Array;
  /** φ_a(κ), in the packed order of `SpectralBulk`: V(κ) = Σ_a u_a φ_a(κ). */
  readonly basis: readonly Float64Array[];
  readonly functions: Table;
}

/** Grids of κ that are halved where a complex z needs it: the resolvent has poles in complex κ near the real line. */
export interface KappaTables {
  /** Trapezoid rule of step 2^−level/4. */
  table(level: number): KappaTable;
  /** Whether nothing depends on κ: one node is then exact. */
  readonly constant: boolean;
  /** The functions b_a that the μ1_k are combined of. */
  readonly mixing: LinearBasis;
  /** E Σ_k π_k (c_k μ1_k² + μ2_k²) */
  readonly meanVariance: number;
}

const FIRST_STEP = 0.25;
/** P(|κ| > 8.5) = 2e-17. */
const REACH = 8.5;

export function kappaTables(problem: Problem): KappaTables {
  const rows = new Rows(problem);
  const mixing = problem.groups.length === 1 ? identityBasis(1) : basisOn(onNodes(...equidistant(0)));
  const wide = table(0);
  const tables: KappaTable[] = [wide];
  const variance = wide.functions.nodes.map((_, i) =>
    wide.functions.groups.reduce(
      (sum, group) => sum + group.fraction * (group.bulkVariance * group.mu1[i]! ** 2 + group.mu2Squared[i]!),
      0,
    ),
  );
  const constant = wide.basis.every((phi) => phi.every((value) => value === phi[0]));
  const meanVariance = variance.reduce((sum, value, i) => sum + wide.weights[i]! * value, 0);
  const single = constant ? withBasis(onNodes(Float64Array.of(0), Float64Array.of(1))) : undefined;
  return {
    constant,
    mixing,
    meanVariance,
    table: (level) => single ?? (tables[level] ??= table(level)),
  };

  function table(level: number): KappaTable {
    return withBasis(onNodes(...equidistant(level)));
  }

  function onNodes(nodes: Float64Array, weights: Float64Array): Table {
    return tabulate(rows, { nodes, weights, errorOf: () => 0 });
  }

  function withBasis(on: Table): KappaTable {
    return { weights: on.weights, basis: spectralBasis(on, mixing), functions: on };
  }
}

function equidistant(level: number): [nodes: Float64Array, weights: Float64Array] {
  const step = FIRST_STEP / 2 ** level;
  const half = Math.round(REACH / step);
  const nodes = Float64Array.from({ length: 2 * half + 1 }, (_, i) => (i - half) * step);
  return [nodes, nodes.map((kappa) => step * gaussianDensity(kappa))];
}

function basisOn({ groups, weights }: Table): LinearBasis {
  return linearBasis(
    groups.map(({ mu1 }) => mu1),
    weights,
  );
}

/** φ_a on the nodes of a table. */
export function spectralBasis({ groups }: Table, mixing: LinearBasis): Float64Array[] {
  const linear = basisFunctions(
    mixing,
    groups.map(({ mu1 }) => mu1),
  );
  return susceptibilityBasis(
    linear,
    groups.map(({ mu2Squared }) => mu2Squared),
  );
}

/** 1/(1 + V) on the nodes of a table, at real unknowns. */
export function realDamping({ basis, weights }: KappaTable, u: Float64Array): Float64Array {
  return weights.map((_, i) => 1 / basis.reduce((sum, phi, a) => sum + u[2 * a]! * phi[i]!, 1));
}
