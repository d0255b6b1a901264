/** Parameters that may lie on the horizontal axis. */
export const AXES = ["sampleRatio", "widthRatio", "ridge", "stepSampleRatio", "learningRate", "labelNoise"] as const;
export type AxisName = (typeof AXES)[number];

/** A number with a slider beside it. */
export interface NumberField {
  readonly name: AxisName;
  readonly symbol: string;
  readonly label: string;
  /** Range of the slider; any legal value can be typed. */
  readonly min: number;
  readonly max: number;
  readonly logarithmic: boolean;
  /** Range as horizontal axis. */
  readonly axis: readonly [min: number, max: number];
  readonly axisTitle: string;
}

export const NUMBER_FIELDS: readonly NumberField[] = [
  {
    name: "learningRate",
    symbol: "η̃",
    label: "learning rate",
    min: 0,
    max: 6,
    logarithmic: false,
    axis: [0, 5],
    axisTitle: "learning rate η̃ = η/p",
  },
  {
    name: "stepSampleRatio",
    symbol: "α₀",
    label: "samples of the step",
    min: 0.1,
    max: 100,
    logarithmic: true,
    axis: [0.1, 20],
    axisTitle: "samples of the step α₀ = n₀/d",
  },
  {
    name: "sampleRatio",
    symbol: "α",
    label: "samples",
    min: 0.1,
    max: 10,
    logarithmic: true,
    axis: [0.1, 5],
    axisTitle: "samples α = n/d",
  },
  {
    name: "widthRatio",
    symbol: "β",
    label: "width",
    min: 0.1,
    max: 10,
    logarithmic: true,
    axis: [0.1, 5],
    axisTitle: "width β = p/d",
  },
  {
    name: "ridge",
    symbol: "λ",
    label: "ridge",
    min: 1e-6,
    max: 100,
    logarithmic: true,
    axis: [1e-5, 100],
    axisTitle: "ridge λ",
  },
  {
    name: "labelNoise",
    symbol: "Δ",
    label: "label noise",
    min: 0,
    max: 2,
    logarithmic: false,
    axis: [0, 2],
    axisTitle: "label noise Δ",
  },
];

/** Axes on which equal ratios are equally far apart. */
const LOGARITHMIC_AXES: readonly AxisName[] = ["ridge", "stepSampleRatio"];

export function isLogarithmic(axis: AxisName): boolean {
  return LOGARITHMIC_AXES.includes(axis);
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
