import {
  axisTitle,
  nameInStep,
  PARAMETERS,
  type StepParameter,
  stepParameter,
  symbolOf,
} from "../../src/parameters/table.ts";

/** Parameters that may lie on the horizontal axis. */
export const AXES = ["sampleRatio", "widthRatio", "ridge", "stepSampleRatio", "learningRate", "labelNoise"] as const;
type ModelAxis = (typeof AXES)[number];
/** One of them, or a number of one of several steps. */
export type AxisName = ModelAxis | StepParameter;

/** A number with a slider beside it, as the table of the parameters has it. */
export interface NumberField {
  readonly name: AxisName;
  readonly symbol: string;
  readonly label: string;
  /** Range of the slider; any legal value can be typed. */
  readonly min: number;
  readonly max: number;
  readonly logarithmic: boolean;
  /** Range and scale as horizontal axis. */
  readonly axis: readonly [min: number, max: number];
  readonly logarithmicAxis: boolean;
  readonly axisTitle: string;
}

/** In the order of the page. */
const SHOWN = ["learningRate", "stepSampleRatio", "sampleRatio", "widthRatio", "ridge", "labelNoise"] as const;

export const NUMBER_FIELDS: readonly NumberField[] = SHOWN.map((name) => {
  const { label, slider, ...rest } = PARAMETERS[name];
  const symbol = symbolOf(name);
  const axisTitle = `${label} ${symbol}${"ratio" in rest ? ` = ${rest.ratio}` : ""}`;
  return { name, symbol, label, ...slider, axisTitle };
});

export function isLogarithmic(axis: AxisName): boolean {
  return numberField(axis).logarithmicAxis;
}

export function numberField(name: AxisName): NumberField {
  const of = stepParameter(name);
  const field = NUMBER_FIELDS.find((known) => known.name === (of?.field ?? name))!;
  return of ? { ...field, name, symbol: symbolOf(name), axisTitle: axisTitle(name) } : field;
}

/** The names of a step's two numbers, the first step from 0 on. */
export function stepAxes(step: number): readonly [rate: StepParameter, samples: StepParameter] {
  return [nameInStep(step, "learningRate"), nameInStep(step, "stepSampleRatio")];
}

/** What may lie on an axis: with further steps, the numbers of every step by its own name. */
export function axesOf(furtherSteps: number): readonly AxisName[] {
  if (furtherSteps === 0) return SHOWN;
  const steps = Array.from({ length: furtherSteps + 1 }, (_, t) => stepAxes(t)).flat();
  return [...steps, ...SHOWN.filter((name) => !isOfStep(name))];
}

const isOfStep = (name: AxisName): boolean => name === "learningRate" || name === "stepSampleRatio";

/** An axis by the name that a model with so many further steps has for it. */
export function axisOf(name: AxisName, furtherSteps: number): AxisName {
  const of = stepParameter(name);
  if (furtherSteps === 0) return of?.step === 0 ? of.field : of ? "sampleRatio" : name;
  if (of && of.step > furtherSteps) return "sampleRatio";
  return isOfStep(name) ? nameInStep(0, name as "learningRate" | "stepSampleRatio") : name;
}

/** Ends and scale of a slider. */
export type SliderScale = Pick<NumberField, "min" | "max" | "logarithmic">;

/** Steps of a slider from one end to the other. */
export const SLIDER_STEPS = 200;

/** Value at a position of the slider, with three digits. */
export function sliderValue({ min, max, logarithmic }: SliderScale, position: number): number {
  const t = position / SLIDER_STEPS;
  const value = logarithmic ? min * (max / min) ** t : min + (max - min) * t;
  return Number(value.toPrecision(3));
}

/** Position of the slider for a value, at its ends for what lies beyond. */
export function sliderPosition({ min, max, logarithmic }: SliderScale, value: number): number {
  const inside = Math.min(Math.max(value, min), max);
  const t = logarithmic ? Math.log(inside / min) / Math.log(max / min) : (inside - min) / (max - min);
  return Math.round(t * SLIDER_STEPS);
}
