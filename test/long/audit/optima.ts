import { type EveryDescription, rowSolver } from "../../../src/curve/sweep.ts";
import { optimum } from "../../../src/index.ts";
import type { SweepParameter } from "../../../src/parameters/table.ts";
import { uniform } from "./cases.ts";
import { type AuditRow, emptyRow, note } from "./table.ts";

/** A problem of the audit: what to tune, and between which values the scan looks. */
export interface OptimumCase {
  readonly description: object;
  readonly over: Readonly<Partial<Record<SweepParameter, readonly [number, number]>>>;
  readonly minimise: string;
  /** Whether the search is told the range, or has to find its own. */
  readonly told: boolean;
  /** Places of the scan in a decade. */
  readonly density: number;
}

/** A value at a place, in logarithms of the parameters. */
interface Place {
  readonly u: readonly number[];
  readonly value: number;
}

type Field = (u: readonly number[]) => number;

/**
 * Local minima of a problem by a dense scan and golden sections along one parameter after the other: nothing of the search but the
 * values themselves. Infinity where a point has no solution.
 */
export function scannedMinima({ description, over, minimise, density }: OptimumCase): readonly Place[] {
  const names = Object.keys(over);
  const solveRow = rowSolver();
  const field: Field = (u) => {
    const point = Object.fromEntries(names.map((name, i) => [name, Math.exp(u[i]!)]));
    const result = solveRow({ ...description, ...point } as unknown as EveryDescription);
    return result.status === "converged" ? (result as unknown as Record<string, number>)[minimise]! : Infinity;
  };
  const axes = Object.values(over).map(([low, high]) => {
    const steps = Math.ceil(Math.log10(high / low) * density);
    return Array.from({ length: steps + 1 }, (_, i) => Math.log(low) + (Math.log(high / low) * i) / steps);
  });
  const grid = axes.reduce<number[][]>((all, axis) => all.flatMap((head) => axis.map((_, i) => [...head, i])), [[]]);
  const at = (index: readonly number[]): readonly number[] => index.map((i, axis) => axes[axis]![i]!);
  const values = new Map(grid.map((index) => [index.join(), field(at(index))]));
  const lowest = grid.filter((index) => {
    const here = values.get(index.join())!;
    const beside = neighbours(index).map((other) => values.get(other.join()) ?? Infinity);
    return here < Infinity && beside.every((value) => value >= here);
  });
  const box = axes.map((axis): readonly [number, number] => [axis[0]!, axis.at(-1)!]);
  const gaps = axes.map((axis) => axis[1]! - axis[0]!);
  return lowest.map((index) => sections(field, at(index), box, gaps)).sort((a, b) => a.value - b.value);
}

/** The places beside one, and those across a corner. */
function neighbours(index: readonly number[]): number[][] {
  return index
    .reduce<number[][]>((all, i) => all.flatMap((head) => [-1, 0, 1].map((step) => [...head, i + step])), [[]])
    .filter((other) => other.some((i, axis) => i !== index[axis]));
}

const GOLDEN = (Math.sqrt(5) - 1) / 2;
const MOST_ROUNDS = 20;
/** Width of the last section of one parameter alone, and of several, which are taken up again. */
const [FINE, COARSE] = [1e-8, 1e-5];

function sections(
  field: Field,
  start: readonly number[],
  box: readonly (readonly [number, number])[],
  gaps: readonly number[],
): Place {
  let [u, value] = [start, field(start)];
  for (let round = 0; round < (u.length === 1 ? 1 : MOST_ROUNDS); round++) {
    const before = value;
    for (let axis = 0; axis < u.length; axis++) {
      const along = (x: number): number[] => u.map((other, i) => (i === axis ? x : other));
      let [a, b] = [Math.max(box[axis]![0], u[axis]! - gaps[axis]!), Math.min(box[axis]![1], u[axis]! + gaps[axis]!)];
      let [x, y] = [b - GOLDEN * (b - a), a + GOLDEN * (b - a)];
      let [fx, fy] = [field(along(x)), field(along(y))];
      while (b - a > (u.length === 1 ? FINE : COARSE)) {
        if (fx <= fy) {
          [b, y, fy] = [y, x, fx];
          x = b - GOLDEN * (b - a);
          fx = field(along(x));
        } else {
          [a, x, fx] = [x, y, fy];
          y = a + GOLDEN * (b - a);
          fy = field(along(y));
        }
      }
      const best = fx <= fy ? x : y;
      if (Math.min(fx, fy) < value) [u, value] = [along(best), Math.min(fx, fy)];
    }
    if (!(before - value > 1e-14 * Math.abs(value))) break;
  }
  return { u, value };
}

/** Depth, relative to the value, from which on a local minimum of the scan has to be listed. */
const DEEP = 1e-7;

/** Searches beside dense scans. */
export function optimaRow(family: keyof typeof FAMILIES, seeds: readonly number[]): AuditRow {
  const row = emptyRow();
  for (const seed of seeds) {
    const item = FAMILIES[family](uniform(1000 + seed));
    const at = { seed, ...item.description, over: item.over };
    row.cases++;
    const over = item.told ? item.over : Object.fromEntries(Object.keys(item.over).map((name) => [name, null]));
    try {
      const found = optimum(item.description as never, { over, minimise: item.minimise });
      const scanned = scannedMinima(item);
      const least = scanned[0]?.value ?? Infinity;
      note(row, { "least of the scan below the optimum": (found.value - least) / Math.abs(found.value) }, at);
      // Those at the ends of the scan alone are its own.
      const inside = scanned.filter(({ u }) => isInside(u, item));
      const missed = inside.filter(({ u, value }) => {
        const deep = Object.values(item.over).length === 1 && depth(item, u, value) > DEEP;
        return deep && !found.minima.some((minimum) => Math.abs(minimum.value / value - 1) < 1e-7);
      });
      note(row, { "local minima not listed": missed.length }, at);
    } catch (error) {
      row.unconverged.push({ ...at, error: String(error) });
    }
  }
  return row;
}

const isInside = (u: readonly number[], { over, density }: OptimumCase): boolean =>
  Object.values(over).every(([low, high], i) => {
    const gap = Math.LN10 / density;
    return u[i]! > Math.log(low) + gap && u[i]! < Math.log(high) - gap;
  });

/** How much the values a third of a decade away on either side are higher at least. */
function depth({ description, over, minimise }: OptimumCase, [u]: readonly number[], value: number): number {
  const [name] = Object.keys(over);
  const solveRow = rowSolver();
  const beside = [-1, 1].map((side) => {
    const point = { ...description, [name!]: Math.exp(u! + (side * Math.LN10) / 3) };
    const result = solveRow(point as unknown as EveryDescription);
    return result.status === "converged" ? (result as unknown as Record<string, number>)[minimise]! : Infinity;
  });
  return (Math.min(...beside) - value) / Math.abs(value);
}

type Draw = (random: () => number) => OptimumCase;

/** Numbers of one case after another. */
function draws(random: () => number) {
  const between = (low: number, high: number): number => low + (high - low) * random();
  return {
    between,
    logarithmic: (low: number, high: number): number => Math.exp(between(Math.log(low), Math.log(high))),
    pick: <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)]!,
  };
}

/** Spectra of up to four levels over six decades, in units from 1e-6 to 1e6; noise from 1e-6 to 1e4 of the signal. */
const covariates: Draw = (random) => {
  const { logarithmic, pick } = draws(random);
  const unit = logarithmic(1e-6, 1e6);
  const levels = pick([1, 2, 3, 4]);
  const list = (low: number, high: number) => Array.from({ length: levels }, () => logarithmic(low, high));
  const eigenvalues = list(1e-6, 1).map((value) => unit * value);
  const multiplicities = list(1, 300);
  const signal = eigenvalues.map((value) => value * logarithmic(1e-3, 1));
  const rank = multiplicities.reduce((sum, value) => sum + value, 0);
  const trace = eigenvalues.reduce((sum, value, i) => sum + value * multiplicities[i]!, 0);
  const model = {
    model: "gaussianCovariates",
    eigenvalues,
    multiplicities,
    signal,
    labelNoise: logarithmic(1e-6, 1e4),
  };
  const overSamples = random() < 0.3;
  return overSamples
    ? {
        description: { ...model, ridge: trace * logarithmic(1e-9, 1e-2) },
        over: { samples: [0.03 * rank, 30 * rank] },
        ...{ minimise: "testError", told: true, density: 60 },
      }
    : {
        description: { ...model, samples: rank * logarithmic(0.1, 10) },
        over: { ridge: [1e-15 * trace, 1e10 * trace] },
        ...{ minimise: "testError", told: false, density: 20 },
      };
};

const STUDENTS = ["tanh", "relu", "erf", "100*tanh(x)", "x^2 + x", "sin"];
const TARGETS = ["sin", "tanh", "He1", "x + x^2", "1e3*sin(x)"];

/** λ, α or β of random features; α and β in a range, with the peak at α = β between two minima. */
const features: Draw = (random) => {
  const { logarithmic, pick } = draws(random);
  const model = {
    model: "randomFeatures",
    student: pick(STUDENTS),
    target: pick(TARGETS),
    labelNoise: logarithmic(1e-4, 1e2),
  };
  const [sampleRatio, widthRatio] = [logarithmic(0.1, 10), logarithmic(0.1, 10)];
  const name = pick(["ridge", "ridge", "sampleRatio", "widthRatio"] as const);
  if (name === "ridge") {
    const over = { ridge: [1e-12, 1e10] } as const;
    return {
      description: { ...model, sampleRatio, widthRatio },
      over,
      minimise: "testError",
      told: false,
      density: 20,
    };
  }
  const description = { ...model, sampleRatio, widthRatio, ridge: logarithmic(1e-6, 1e-1) };
  return { description, over: { [name]: [0.01, 100] }, minimise: "testError", told: true, density: 60 };
};

/** Two parameters of features with a spike: λ with r, α or β. */
const spiked: Draw = (random) => {
  const { logarithmic, between, pick } = draws(random);
  const model = { model: "spikedRandomFeatures", student: pick(["tanh", "relu"]), target: pick(["sin", "tanh"]) };
  const description = {
    ...model,
    ...{ labelNoise: logarithmic(1e-2, 1), alignment: between(0.3, 0.98), spikeStrength: logarithmic(0.3, 3) },
    ...{ sampleRatio: logarithmic(0.3, 5), widthRatio: logarithmic(0.3, 5) },
  };
  const second = pick(["spikeStrength", "widthRatio", "sampleRatio"] as const);
  const over: OptimumCase["over"] = { [second]: [0.1, 10], ridge: [1e-4, 1e2] };
  return { description, over, minimise: "testError", told: true, density: 8 };
};

/** λ of a network after one step. */
const network: Draw = (random) => {
  const { logarithmic, between, pick } = draws(random);
  const model = { model: "trainedNetwork", student: pick(["tanh", "erf"]), target: pick(["sin", "tanh"]) };
  const description = {
    ...model,
    ...{ labelNoise: logarithmic(1e-2, 1), learningRate: between(0.5, 3), stepSampleRatio: logarithmic(0.5, 8) },
    ...{ sampleRatio: logarithmic(0.3, 5), widthRatio: logarithmic(0.3, 5) },
  };
  return { description, over: { ridge: [1e-6, 1e4] }, minimise: "testError", told: false, density: 5 };
};

/** λ of other losses, by the error of classification of margins. */
const losses: Draw = (random) => {
  const { logarithmic, pick } = draws(random);
  const margin = random() < 0.5;
  const description = {
    model: "randomFeatures",
    student: pick(["tanh", "relu"]),
    ...(margin ? { loss: "logistic", target: "sign" } : { loss: { huber: 1 }, target: "sin" }),
    ...{ labelNoise: logarithmic(0.05, 0.5), sampleRatio: logarithmic(0.5, 4), widthRatio: logarithmic(0.5, 4) },
  };
  const minimise = margin ? "testClassificationError" : "testError";
  return { description, over: { ridge: [1e-3, 1e2] }, minimise, told: true, density: 5 };
};

export const FAMILIES = { covariates, features, spiked, network, losses };
