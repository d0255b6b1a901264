import type { Table } from "../problem/table.ts";
import { DERIVATIVES, type LocalPotential, SUSCEPTIBILITY } from "./localPotential.ts";
import { factorsOf, fieldsAt, FLOOR, type LocalArguments, localFields, type SaddleState } from "./localState.ts";

/** Nodes beyond this part of the reach of the grid stand for what is left out, too. */
const EDGE = 0.9;
/** Features below so many times the floor on them are as good as there. */
const GONE = 1e4;
/** Spread of the output, beside its own, at which a sample is looked at without the readout's norm. */
const LEAST_SPREAD = 1e-200;

/** A solution whose pull on the norm is looked at. */
interface Solution {
  readonly potential: LocalPotential;
  readonly state: SaddleState;
}

/**
 * Limits λ → 0⁺ fit every sample, also those at large κ, where a saturated student leaves features that hardly vary: their
 * pull E φ g², φ = μ1² + μ2², g ∝ 1/φ, on the readout's norm may not be integrable, and a grid that ends somewhere then finds a
 * number all the same. The pull is taken without the part of g that the norm itself makes, which is bounded; without a
 * solution it is 1/φ.
 *
 * @returns the share of the pull at the edge of the grid and where the features are not known
 */
export function frozenShare(grid: Table, solution?: Solution): number {
  const { nodes, weights, groups } = grid;
  const pullOf = solution && pullAt(grid, solution);
  const edge = EDGE * nodes.reduce((most, kappa) => Math.max(most, Math.abs(kappa)), 0);
  const features = nodes.map((_, i) =>
    groups.reduce((sum, { mu1, mu2Squared }) => sum + mu1[i]! ** 2 + mu2Squared[i]!, 0),
  );
  const floor = FLOOR * features.reduce((most, value) => Math.max(most, value), 0);
  let [frozen, whole] = [0, 0];
  for (let i = 0; i < nodes.length; i++) {
    const phi = Math.max(features[i]!, floor);
    const unknown = groups.reduce((sum, { mu2SquaredError }) => sum + mu2SquaredError[i]!, 0);
    const pull = weights[i]! * (pullOf ? phi * pullOf(i) : 1 / phi);
    const lost = Math.abs(nodes[i]!) > edge || phi < GONE * floor ? 1 : Math.min(1, unknown / phi);
    whole += pull;
    frozen += lost * pull;
  }
  // Nothing pulls where every margin is met.
  return whole === 0 ? 0 : frozen / whole;
}

/** E g² at a node. */
function pullAt(grid: Table, { potential, state }: Solution): (i: number) => number {
  const fields = localFields(grid);
  const factors = factorsOf(fields, state.coefficients);
  const field: LocalArguments = { M: 0, L: 0, s2: 0, V: 0 };
  const local = new Float64Array(DERIVATIVES);
  return (i) => {
    fieldsAt(fields, state, factors, 1, i, field);
    potential.evaluate(grid.nodes[i]!, field.M, field.L, LEAST_SPREAD, field.V, local);
    return -2 * local[SUSCEPTIBILITY]!;
  };
}
