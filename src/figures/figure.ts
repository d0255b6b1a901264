import type { ModelDescription } from "../model/description.ts";
import type { MultiIndexDescription } from "../multiIndex/description.ts";
import type { Observation, Observed } from "../simulation/observe.ts";
import type { NamedStatistics } from "../simulation/trialStatistics.ts";
import type { SimulationGrid } from "../simulation/specification.ts";

/** Size of the simulated networks of a figure. */
export interface Scale {
  /** d */
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
  /** Points of a line of theory. */
  readonly points: number;
}

/** The sizes that a figure chooses. */
export type Size = Omit<Scale, "seed">;

/** Test errors of the points of a grid. */
interface Errors {
  readonly kind: "errors";
}
/** Numbers of pairs of networks at the points of a grid. */
interface Pairs {
  readonly kind: "statistics";
}
type JobKind = (Errors | Pairs | Observation)["kind"];

/** One run of trials, each of which has test errors, or what is observed. */
export interface Job<K extends JobKind = JobKind> {
  readonly description: ModelDescription | MultiIndexDescription;
  readonly grid: SimulationGrid;
  readonly trials: number;
  readonly observation: Extract<Errors | Pairs | Observation, { readonly kind: K }>;
}

/** What a trial of a job gives. */
export type JobResult<K extends JobKind = JobKind> = K extends Observation["kind"]
  ? Observed<Extract<Observation, { readonly kind: K }>>
  : K extends "statistics"
    ? { readonly statistics: readonly (NamedStatistics<number> & { readonly testError: number })[] }
    : { readonly testErrors: readonly number[] };

/** A cross: a number read from each trial of a job. */
export interface SimulatedPoint {
  readonly x: number;
  readonly job: Job;
  readonly read: (result: JobResult) => number;
}

/** A cross at x, with what is read from each trial of its job. */
export function simulatedPoint<K extends JobKind>(
  x: number,
  job: Job<K>,
  read: (result: JobResult<K>) => number,
): SimulatedPoint {
  // A job's results are of its own kind.
  return { x, job: job as unknown as Job, read: (result) => read(result as JobResult<K>) };
}

/** A cross at the test error of a job with one point. */
export function errorPoint(x: number, job: Omit<Job<"errors">, "observation">): SimulatedPoint {
  return simulatedPoint(x, { ...job, observation: { kind: "errors" } }, ({ testErrors }) => testErrors[0]!);
}

/** A line of theory: null where there is no value. */
export interface Line {
  readonly theory: string;
  readonly x: readonly number[];
  readonly values: (x: readonly number[]) => readonly (number | null)[];
  /** Value at a simulated point, where that is not the line's: an average over a histogram's bin. */
  readonly compared?: (x: readonly number[]) => readonly (number | null)[];
  /** Theory of a limit that the simulated networks are not near. */
  readonly apart?: boolean;
}

export interface Curve {
  readonly label: string;
  /** Default: the palette's next. */
  readonly color?: string;
  readonly lines: readonly Line[];
  readonly baseline?: (x: readonly number[]) => readonly (number | null)[];
  readonly simulated?: readonly SimulatedPoint[];
  /** Values printed by others. */
  readonly published?: readonly { readonly x: number; readonly y: number }[];
}

export interface Axis {
  readonly title: string;
  readonly log?: boolean;
  /** Ends; default those of the data. */
  readonly range?: readonly [number, number];
}

/** One pair of axes. */
export interface Panel {
  readonly name: string;
  readonly title: string;
  readonly x: Axis;
  readonly y: Axis;
  readonly legendTitle: string;
  /** Name of the curves' baseline. */
  readonly baseline?: string;
  /** Width of the bars that simulation is drawn as, on a logarithmic axis the ratio of their ends; crosses without. */
  readonly barWidth?: number;
  /** Places on the horizontal axis, with what is there. */
  readonly marks?: readonly { readonly x: number; readonly text: string }[];
  /** The curves are the rows of a map, from below: their values are its colours. */
  readonly map?: PanelMap;
  readonly curves: readonly Curve[];
}

/** A function of the plane, which may have either sign. */
export interface PanelMap {
  /** Place of every curve on the vertical axis. */
  readonly heights: readonly number[];
  /** Title of the colours, which the maps of a figure share. */
  readonly quantity: string;
}

/** A figure of a paper: what it shows at any size, and the sizes of the paper and of a quick look. */
export interface Figure {
  readonly name: string;
  /** Paper tag and number. */
  readonly source: string;
  readonly title: string;
  /** Panels side by side; default all. */
  readonly columns?: number;
  readonly full: Size;
  readonly quick: Size;
  readonly panels: (scale: Scale) => readonly Panel[];
}
