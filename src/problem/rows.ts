import type { Problem, Row } from "./problem.ts";
import { type ChannelRow, RowLayout } from "./rowLayout.ts";

/** Rows for which there is room at first. */
const FIRST_ROOM = 96;

/** The rows of one problem as records, each computed once: grids that are refined have most of their points in common. */
export class Rows {
  /** Largest relative error of a row so far. */
  error = 0;
  readonly layout: RowLayout;
  /** All of them, one after the other; another array when there are more. */
  records: Float64Array;
  /** Where the record of a κ begins. */
  private readonly known = new Map<number, number>();
  private readonly kappa = new Float64Array(1);

  constructor(readonly problem: Problem) {
    this.layout = new RowLayout(problem);
    this.records = new Float64Array(FIRST_ROOM * this.layout.size);
  }

  /**
   * Where the record of κ begins.
   *
   * @param kappa the only coordinate, where q = 1
   */
  at(kappa: number): number {
    return this.known.get(kappa) ?? this.add(kappa, this.problem.row(Float64Array.of(kappa)));
  }

  /** The record at a κ of q numbers. */
  atPoint(kappa: Float64Array): Float64Array {
    const record = new Float64Array(this.layout.size);
    this.write(this.problem.row(kappa), kappa, record, 0);
    return record;
  }

  /** The row at κ with its channels. */
  row(kappa: number): ChannelRow {
    const start = this.at(kappa);
    return this.layout.read(this.records, start);
  }

  /** Told of equidistant places before it is asked for them, where q = 1. */
  prepare(places: readonly number[]): void {
    const unknown = places.filter((kappa) => !this.known.has(kappa));
    if (2 * unknown.length < places.length) return;
    this.problem.row.onLine?.(places).forEach((row, i) => {
      if (row && !this.known.has(places[i]!)) this.add(places[i]!, row);
    });
  }

  private add(kappa: number, row: Row): number {
    const start = this.known.size * this.layout.size;
    if (start === this.records.length) {
      const longer = new Float64Array(2 * start);
      longer.set(this.records);
      this.records = longer;
    }
    this.kappa[0] = kappa;
    this.write(row, this.kappa, this.records, start);
    this.known.set(kappa, start);
    return start;
  }

  private write(row: Row, kappa: Float64Array, records: Float64Array, start: number): void {
    this.error = Math.max(this.error, row.error ?? 0);
    this.layout.write(row, kappa, records, start);
  }
}
