import { PARAMETERS, symbolOf } from "../../src/parameters/table.ts";

/** Parameters that may lie on the horizontal axis. */
export const AXES = ["sampleRatio", "widthRatio", "ridge", "stepSampleRatio", "learningRate", "labelNoise"] as const;
export type AxisName = (typeof AXES)[number];

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
  return NUMBER_FIELDS.find((field) => field.name === name)!;
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
