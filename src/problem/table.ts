import type { Channel, Group, Problem } from "./problem.ts";
import { Rows } from "./rows.ts";
import { mapped } from "../numerics/mapped.ts";

/** Points of κ with weights for E, opaque to the solver. */
export interface Grid {
  /** Node-major: q numbers a node; ascending where q = 1. */
  readonly nodes: Float64Array;
  /** Positive; they sum to 1. */
  readonly weights: Float64Array;
  /** Estimated error of Σ w_i f_i, relative to Σ w_i |f_i|, from the values on the nodes alone. */
  errorOf(values: Float64Array): number;
  /** Of equidistant nodes: the step with which to begin for a similar problem. */
  readonly step?: number;
}

/** A group on the nodes. */
export interface TabulatedGroup extends Group {
  readonly mu1: Float64Array;
  readonly mu2Squared: Float64Array;
  readonly mu2SquaredError: Float64Array;
}

/** A channel on the nodes: its parts are X, then Y_1 … Y_m′, undefined where the channel has none. */
export interface TabulatedChannel extends Channel {
  readonly parts: readonly (Float64Array | undefined)[];
}

/** The target on the nodes, label noise included in the residual. */
export interface TabulatedTarget {
  /** h, then h_1 … h_m′ */
  readonly parts: readonly Float64Array[];
  readonly residual: Float64Array;
  /** n(κ): the label noise in it. */
  readonly noise: Float64Array;
}

/** A problem on the nodes of one grid. */
export interface Table {
  readonly problem: Problem;
  /** All rows computed so far, for other grids. */
  readonly rows: Rows;
  readonly grid: Grid;
  readonly nodes: Float64Array;
  readonly weights: Float64Array;
  readonly groups: readonly TabulatedGroup[];
  readonly channels: readonly TabulatedChannel[];
  readonly target: TabulatedTarget;
  /** Relative error of the averages that chose the grid, and of the rows. */
  readonly quadratureError: number;
}

/**
 * Tabulates a problem.
 *
 * @param error of the averages over κ, relative
 * @throws QuadratureError if a moment is not finite on a node
 */
export function tabulate(rows: Rows, grid: Grid, error = 0): Table {
  const { problem, layout } = rows;
  const { nodes, weights } = grid;
  const q = problem.dimension;
  const columns = Array.from({ length: layout.size }, () => new Float64Array(weights.length));
  for (let i = 0; i < weights.length; i++) {
    const start = q === 1 ? rows.at(nodes[i]!) : 0;
    const records = q === 1 ? rows.records : rows.atPoint(nodes.subarray(q * i, q * (i + 1)));
    for (let c = 0; c < columns.length; c++) columns[c]![i] = records[start + c]!;
  }
  const directions = Array.from({ length: problem.targetDirections }, (_, b) => b);
  const [residual, noise] = [columns[layout.residual]!, columns[layout.noise]!];
  for (let i = 0; i < weights.length; i++) {
    noise[i]! += problem.labelNoise;
    residual[i]! += noise[i]!;
  }
  return {
    problem,
    rows,
    grid,
    nodes,
    weights,
    groups: mapped(problem.groups, (group, k) => {
      const at = layout.group(k);
      return { ...group, mu1: columns[at]!, mu2Squared: columns[at + 1]!, mu2SquaredError: columns[at + 2]! };
    }),
    channels: mapped(problem.channels, (channel, c) => ({
      ...channel,
      parts: [
        channel.value && columns[layout.channel(c, 0)],
        ...mapped(directions, (b) => channel.slopes?.[b] && columns[layout.channel(c, b + 1)]),
      ],
    })),
    target: { parts: columns.slice(layout.target, layout.residual), residual, noise },
    quadratureError: error + rows.error,
  };
}

/** A problem on points of the caller's, without weights. */
export function tabulateAt(problem: Problem, points: Float64Array): Table {
  const weights = new Float64Array(points.length / problem.dimension);
  return tabulate(new Rows(problem), { nodes: points, weights, errorOf: () => 0 });
}
