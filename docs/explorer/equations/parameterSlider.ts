import type { SliderScale } from "../fields.ts";
import { type EquationsRequest, rangeAround } from "./equationsState.ts";

/** Ends and scale of the slider of a parameter: the range of the axis if it runs along it, else around its value. */
export function parameterSlider(name: string, value: number, request: EquationsRequest | undefined): SliderScale {
  if (request?.over === name) {
    const { from, to } = request;
    if (value >= Math.min(from, to) && value <= Math.max(from, to))
      return { min: Math.min(from, to), max: Math.max(from, to), logarithmic: false };
  }
  const { from, to } = value > 0 ? { from: value / 5, to: value * 5 } : rangeAround(value);
  return { min: Number(from.toPrecision(3)), max: Number(to.toPrecision(3)), logarithmic: value > 0 };
}
