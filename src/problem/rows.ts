import type { Problem, Row } from "./problem.ts";

/** A row with the values of the channels. */
export interface ChannelRow extends Row {
  /** X of every channel. */
  readonly values: readonly number[];
  /** Y_b of every channel, b by b. */
  readonly slopes: readonly (readonly number[])[];
}

/** The rows of one problem, each computed once: grids that are refined have most of their points in common. */
export class Rows {
  /** Largest relative error of a row so far. */
  error = 0;
  private readonly known = new Map<number, ChannelRow>();

  constructor(readonly problem: Problem) {}

  /** @param kappa the only coordinate, where q = 1 */
  at(kappa: number): ChannelRow {
    let row = this.known.get(kappa);
    if (row === undefined) this.known.set(kappa, (row = this.atPoint(Float64Array.of(kappa))));
    return row;
  }

  /** @param kappa q numbers */
  atPoint(kappa: Float64Array): ChannelRow {
    return this.withChannels(this.problem.row(kappa), kappa);
  }

  /** Told of equidistant places before it is asked for them, where q = 1. */
  prepare(places: readonly number[]): void {
    const unknown = places.filter((kappa) => !this.known.has(kappa));
    if (2 * unknown.length < places.length) return;
    this.problem.row.onLine?.(places).forEach((row, i) => {
      const kappa = places[i]!;
      if (row && !this.known.has(kappa)) this.known.set(kappa, this.withChannels(row, Float64Array.of(kappa)));
    });
  }

  private withChannels(row: Row, kappa: Float64Array): ChannelRow {
    const { channels, targetDirections } = this.problem;
    const { groups, target, error = 0 } = row;
    this.error = Math.max(this.error, error);
    const values = channels.map(({ value }) => (value ? value(row, kappa) : 0));
    const slopes: number[][] = [];
    for (let b = 0; b < targetDirections; b++) {
      slopes.push(channels.map((channel) => channel.slopes?.[b]?.(row, kappa) ?? 0));
    }
    return { groups, target, error, values, slopes };
  }
}
