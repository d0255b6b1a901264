import { withSwept } from "../../../src/curve/sweep.ts";
import { ConvergenceError, exponents, statistics, type TrainedNetwork } from "../../../src/index.ts";
import { type AxisName, isLogarithmic } from "../fields.ts";
import { isExpected } from "../messages.ts";
import type { Request } from "../state.ts";

/** The numbers of `statistics` at one value of the axis. */
export interface StatisticsRow {
  readonly x: number;
  readonly numbers: Readonly<Record<string, number>>;
}

/** A curve of them, as far as it is computed, of the trained network. */
export interface StatisticsCurve {
  readonly axis: AxisName;
  readonly domain: readonly [number, number];
  readonly rows: readonly StatisticsRow[];
  /** Why points are missing, if any are. */
  readonly refusal: string;
}

export type StatisticsMessage =
  | { readonly kind: "statistics"; readonly curve: StatisticsCurve }
  | { readonly kind: "exponents"; readonly text: string };

/** Intervals of the curve. */
const INTERVALS = 16;

/** Both ends, then the middle of what is widest. */
function order(): number[] {
  const all = [0, INTERVALS];
  for (let step = INTERVALS; step >= 1; step /= 2) {
    for (let i = 0; i <= INTERVALS; i += step) if (!all.includes(i)) all.push(i);
  }
  return all;
}

/** Points of the curve from coarse to fine: each takes its time. */
export function* statisticsCurve({ model, axis, domain }: Request): Generator<StatisticsMessage> {
  const [min, max] = domain;
  const rows: StatisticsRow[] = [];
  let refusal = "";
  for (const i of order()) {
    const t = i / INTERVALS;
    const x = isLogarithmic(axis) ? min * (max / min) ** t : min + (max - min) * t;
    try {
      const { testError, ...rest } = statistics(
        withSwept({ ...model, theory: "network" }, { [axis]: x }) as TrainedNetwork,
      );
      const numbers = Object.entries(rest).filter((entry): entry is [string, number] => typeof entry[1] === "number");
      rows.push({ x, numbers: { testError, ...Object.fromEntries(numbers) } });
    } catch (error) {
      if (!isExpected(error) && !(error instanceof ConvergenceError)) throw error;
      refusal = error.message;
    }
    yield { kind: "statistics", curve: { axis, domain, rows: [...rows].sort((a, b) => a.x - b.x), refusal } };
    // What is refused at one end for the model's sake is refused everywhere.
    if (rows.length === 0 && i !== 0) return;
  }
}

/** Information exponent, leap and generative exponent of a target, in words; empty for what is no target. */
export function* exponentsOf(target: string): Generator<StatisticsMessage> {
  try {
    const { informationExponent, leap, generativeExponent } = exponents(target);
    const generative = generativeExponent === undefined ? "" : `, generative exponent ${generativeExponent}`;
    yield { kind: "exponents", text: `information exponent ${informationExponent}, leap ${leap}${generative}` };
  } catch (error) {
    if (!isExpected(error)) throw error;
    yield { kind: "exponents", text: "" };
  }
}
