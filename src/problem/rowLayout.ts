import type { GroupMoments, Problem, Row, TargetMoments } from "./problem.ts";
import { mapped } from "../numerics/mapped.ts";

/** A row with the values of the channels. */
export interface ChannelRow {
  readonly groups: readonly Pick<GroupMoments, "mu1" | "mu2Squared">[];
  readonly target: Required<TargetMoments>;
  /** X of every channel. */
  readonly values: readonly number[];
  /** Y_b of every channel, b by b. */
  readonly slopes: readonly (readonly number[])[];
}

/** Numbers of a group in a record: μ1, μ2² and the error of that. */
const PER_GROUP = 3;

/** Where the numbers of a row with its channels stand in a record: those of the groups, of the target, of the channels. */
export class RowLayout {
  /** Of h; h_1 … h_m′ follow. */
  readonly target: number;
  /** Of the rest of the target, and of n(κ) without Δ. */
  readonly residual: number;
  readonly noise: number;
  /** Of X of the first channel; those of the others follow, then Y_1 of every one, and so on. */
  readonly channels: number;
  /** Numbers in a record. */
  readonly size: number;

  constructor(private readonly problem: Pick<Problem, "groups" | "channels" | "targetDirections">) {
    const { groups, channels, targetDirections } = problem;
    this.target = PER_GROUP * groups.length;
    this.residual = this.target + 1 + targetDirections;
    this.noise = this.residual + 1;
    this.channels = this.noise + 1;
    this.size = this.channels + (1 + targetDirections) * channels.length;
  }

  /** Of μ1 of a group; μ2² and its error follow. */
  group(k: number): number {
    return PER_GROUP * k;
  }

  /** @param part 0 for X, b for Y_b */
  channel(c: number, part: number): number {
    return this.channels + part * this.problem.channels.length + c;
  }

  /** Writes the record of a row at κ that begins at `start`. */
  write(row: Row, kappa: Float64Array, records: Float64Array, start: number): void {
    const { groups, channels, targetDirections } = this.problem;
    for (let k = 0; k < groups.length; k++) {
      const { mu1, mu2Squared, mu2SquaredError = 0 } = row.groups[k]!;
      const at = start + this.group(k);
      records[at] = mu1;
      records[at + 1] = mu2Squared;
      records[at + 2] = mu2SquaredError;
    }
    const { mean, slopes, residual, noise = 0 } = row.target;
    records[start + this.target] = mean;
    records[start + this.residual] = residual;
    records[start + this.noise] = noise;
    for (let b = 0; b < targetDirections; b++) records[start + this.target + 1 + b] = slopes[b]!;
    for (let c = 0; c < channels.length; c++) {
      const { value, slopes: along } = channels[c]!;
      records[start + this.channel(c, 0)] = value ? value(row, kappa) : 0;
      for (let b = 0; b < targetDirections; b++) {
        records[start + this.channel(c, b + 1)] = along?.[b]?.(row, kappa) ?? 0;
      }
    }
  }

  /** The row of the record that begins at `start`. */
  read(records: Float64Array, start: number): ChannelRow {
    const { groups, channels, targetDirections } = this.problem;
    const directions = Array.from({ length: targetDirections }, (_, b) => b + 1);
    const part = (p: number) => mapped(channels, (_, c) => records[start + this.channel(c, p)]!);
    return {
      groups: mapped(groups, (_, k) => {
        const at = start + this.group(k);
        return { mu1: records[at]!, mu2Squared: records[at + 1]! };
      }),
      target: {
        mean: records[start + this.target]!,
        slopes: mapped(directions, (b) => records[start + this.target + b]!),
        residual: records[start + this.residual]!,
        noise: records[start + this.noise]!,
      },
      values: part(0),
      slopes: mapped(directions, part),
    };
  }
}
