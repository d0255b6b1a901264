import type { SteppedNetwork, TrainedNetwork } from "../../src/index.ts";
import { sweptValue } from "../../src/curve/sweep.ts";
import type { StepInput } from "../../src/multiIndex/description.ts";
import { stepParameter, type StepParameter } from "../../src/parameters/table.ts";
import { MAP_QUANTITY_NAMES, type MapQuantity } from "./tuning/mapQuantities.ts";
import { QUANTITY_NAMES, type QuantityName } from "./quantities/quantities.ts";
import { AXES, type AxisName, axisOf, isLogarithmic, numberField, stepAxes } from "./fields.ts";
import { type FurtherStep, readSteps, stepsText } from "./steps/furtherSteps.ts";

/** Everything that the page shows follows from this: what is typed, as typed. */
export interface ExplorerState {
  student: string;
  target: string;
  learningRate: string;
  stepSampleRatio: string;
  /** Those after the first. Never changed in place: what is by default is shared. */
  steps: readonly FurtherStep[];
  sampleRatio: string;
  widthRatio: string;
  ridge: string;
  labelNoise: string;
  readoutValues: string;
  readoutFractions: string;
  /** Horizontal axis of the errors. */
  axis: AxisName;
  /** A curve along the axis, or a map over it and another one. */
  view: View;
  mapAxis: AxisName;
  /** What the map is of. */
  mapQuantity: MapQuantity;
  /** What the curve is of. */
  quantity: QuantityName;
  logErrors: boolean;
  /** Whether the Bayes-optimal error is drawn beside the others. */
  bayes: boolean;
  dimension: string;
  trials: string;
  seed: string;
}

export const VIEWS = ["curve", "map"] as const;
export type View = (typeof VIEWS)[number];

export type FieldName = Exclude<
  keyof ExplorerState,
  "steps" | "axis" | "mapAxis" | "mapQuantity" | "view" | "quantity" | "logErrors" | "bayes"
>;

export const DEFAULT_STATE: Readonly<ExplorerState> = {
  student: "tanh",
  target: "sin",
  learningRate: "3",
  stepSampleRatio: "2",
  steps: [],
  sampleRatio: "1.5",
  widthRatio: "1",
  ridge: "0.1",
  labelNoise: "0",
  readoutValues: "1",
  readoutFractions: "",
  axis: "sampleRatio",
  view: "curve",
  mapAxis: "ridge",
  mapQuantity: "testError",
  quantity: "errors",
  logErrors: false,
  bayes: false,
  dimension: "150",
  trials: "10",
  seed: "0",
};

/** What the model is made of, as typed. */
export function modelFields(state: ExplorerState): [string, string][] {
  const others: readonly string[] = ["axis", "view", "mapAxis", "mapQuantity", "quantity", "logErrors", "bayes"].concat(
    ["dimension", "trials", "seed"],
  );
  return texts(state).filter(([name]) => !others.includes(name));
}

/** The state as the hash of an address, with the names of the library. */
export function toHash(state: ExplorerState): string {
  return new URLSearchParams(texts(state)).toString();
}

/** Everything in words. */
function texts({ steps, ...state }: ExplorerState): [string, string][] {
  const others = Object.entries(state).map(([name, value]): [string, string] => [name, String(value)]);
  return [...others, ["steps", stepsText(steps)]];
}

/** The state of a hash; what is missing or unknown is as by default. */
export function fromHash(hash: string): ExplorerState {
  const state: ExplorerState = { ...DEFAULT_STATE };
  for (const [name, value] of new URLSearchParams(hash.replace(/^#/, ""))) {
    if (name === "axis" || name === "mapAxis") state[name] = isAxis(value) ? value : state[name];
    else if (name === "steps") state.steps = readSteps(value);
    else if (name === "mapQuantity")
      state.mapQuantity = MAP_QUANTITY_NAMES.find((known) => known === value) ?? state.mapQuantity;
    else if (name === "view") state.view = VIEWS.find((view) => view === value) ?? state.view;
    else if (name === "quantity") state.quantity = QUANTITY_NAMES.find((known) => known === value) ?? state.quantity;
    else if (name === "logErrors" || name === "bayes") state[name] = value === "true";
    else if (Object.hasOwn(state, name)) state[name as FieldName] = value;
  }
  return state;
}

const isAxis = (name: string): name is AxisName =>
  AXES.some((axis) => axis === name) || stepParameter(name) !== undefined;

/** A trained network whose activations are typed. */
export type ExplorerModel = (TrainedNetwork | SteppedNetwork) & { readonly student: string; readonly target: string };

/** The model and the axis that a state describes. */
export interface Request {
  readonly model: ExplorerModel;
  readonly axis: AxisName;
  /** Ends of the axis; the model's own value lies between them. */
  readonly domain: readonly [number, number];
}

export interface SimulationSettings {
  readonly dimension: number;
  readonly trials: number;
  readonly seed: number;
}

/** A field of a further step. */
export type StepFieldName = StepParameter | `steps[${number}].reuseBatch`;
/** What is wrong with a field, in words. */
export type FieldErrors = Partial<Record<FieldName | StepFieldName, string>>;

export class FieldError extends Error {
  constructor(
    readonly field: FieldName | StepFieldName,
    message: string,
  ) {
    super(message);
  }
}

function parseNumber(text: string, field: FieldName | StepFieldName): number {
  const trimmed = text.trim();
  if (/^\+?(inf|infinity|∞)$/i.test(trimmed)) return Infinity;
  const value = /\d/.test(trimmed) ? Number(trimmed) : NaN;
  if (Number.isNaN(value)) throw new FieldError(field, trimmed === "" ? "a number is missing" : "not a number");
  return value;
}

function parseList(text: string, field: FieldName): number[] {
  return text.split(/[,;]/).map((item) => parseNumber(item, field));
}

/** Reads all fields; every one that cannot be read has its message. Ranges are for the library to check. */
export function readState(state: ExplorerState): { request: Request } | { errors: FieldErrors } {
  const errors: FieldErrors = {};
  const readText = <F extends FieldName | StepFieldName, T>(
    field: F,
    text: string,
    parse: (text: string, field: F) => T,
  ): T | undefined => {
    try {
      return parse(text, field);
    } catch (error) {
      if (!(error instanceof FieldError)) throw error;
      errors[field] = error.message;
      return undefined;
    }
  };
  const read = <T>(field: FieldName, parse: (text: string, field: FieldName) => T) =>
    readText(field, state[field], parse);
  const numbers = Object.fromEntries(AXES.map((name) => [name, read(name, parseNumber)])) as Record<
    (typeof AXES)[number],
    number
  >;
  const further = state.steps.map(({ learningRate, stepSampleRatio, reuseBatch }, i) => {
    const [rate, samples] = stepAxes(i + 1);
    return {
      learningRate: readText(rate, learningRate, parseNumber)!,
      stepSampleRatio: readText(samples, stepSampleRatio, parseNumber)!,
      ...(reuseBatch && { reuseBatch }),
    };
  });
  const readoutValues = read("readoutValues", parseList);
  const fractions = state.readoutFractions.trim() === "" ? undefined : read("readoutFractions", parseList);
  if (Object.keys(errors).length > 0) return { errors };
  const homogeneous = readoutValues!.length === 1 && readoutValues![0] === 1 && fractions === undefined;
  const model: ExplorerModel = {
    model: "trainedNetwork",
    student: state.student.trim(),
    target: state.target.trim(),
    ...withSteps(numbers, further),
    ...(!homogeneous && { readoutValues: readoutValues! }),
    ...(fractions && { readoutFractions: fractions }),
  };
  const axis = axisOf(state.axis, further.length);
  return { request: { model, axis, domain: axisDomain(axis, Number(sweptValue(model, axis))) } };
}

/** The numbers of a model, with one step or several. */
function withSteps<N extends { readonly learningRate: number; readonly stepSampleRatio: number }>(
  numbers: N,
  further: readonly StepInput[],
) {
  if (further.length === 0) return numbers;
  const { learningRate, stepSampleRatio, ...others } = numbers;
  return { ...others, steps: [{ learningRate, stepSampleRatio }, ...further] };
}

/** The state with another number on an axis. */
export function withNumber(state: ExplorerState, axis: AxisName, text: string): Partial<ExplorerState> {
  const of = stepParameter(axis);
  if (!of) return { [axis]: text };
  if (of.step === 0) return { [of.field]: text };
  return { steps: state.steps.map((step, i) => (i + 1 === of.step ? { ...step, [of.field]: text } : step)) };
}

/** The usual range of an axis, wide enough for the value that the other pictures are at. */
function axisDomain(axis: AxisName, value: number): readonly [number, number] {
  const [min, max] = numberField(axis).axis;
  if (!Number.isFinite(value) || (isLogarithmic(axis) && value <= 0)) return [min, max];
  return [Math.min(min, value), Math.max(max, value)];
}

/** Reads what a simulation needs besides the model. */
export function readSimulation(state: ExplorerState): { settings: SimulationSettings } | { errors: FieldErrors } {
  const errors: FieldErrors = {};
  const count = (field: "dimension" | "trials" | "seed", least: number, most: number): number => {
    const value = Number(state[field]);
    const legal = state[field].trim() !== "" && Number.isInteger(value) && value >= least && value <= most;
    if (!legal) errors[field] = `a whole number from ${least} to ${most}`;
    return value;
  };
  const settings = {
    dimension: count("dimension", 10, 1000),
    trials: count("trials", 1, 1000),
    seed: count("seed", 0, Number.MAX_SAFE_INTEGER),
  };
  return Object.keys(errors).length > 0 ? { errors } : { settings };
}
