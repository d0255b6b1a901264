/** A linear or logarithmic axis between two values. */
export interface Scale {
  readonly domain: readonly [number, number];
  readonly logarithmic: boolean;
  /** Pixel of a value. */
  readonly at: (value: number) => number;
  /** Value of a pixel. */
  readonly invert: (pixel: number) => number;
  readonly ticks: readonly number[];
}

export function scale(
  domain: readonly [number, number],
  range: readonly [number, number],
  logarithmic: boolean,
  count: number,
): Scale {
  const to = logarithmic ? Math.log10 : (value: number) => value;
  const from = logarithmic ? (value: number) => 10 ** value : (value: number) => value;
  const [a, b] = [to(domain[0]), to(domain[1])];
  const [left, right] = range;
  return {
    domain,
    logarithmic,
    at: (value) => left + ((to(value) - a) / (b - a)) * (right - left),
    invert: (pixel) => from(a + ((pixel - left) / (right - left)) * (b - a)),
    ticks: logarithmic ? logarithmicTicks(domain, count) : linearTicks(domain, count),
  };
}

/** 1, 2 or 5 times a power of ten. */
function niceStep(span: number, count: number): number {
  const raw = span / count;
  const power = 10 ** Math.floor(Math.log10(raw));
  const factor = [1, 2, 5, 10].find((candidate) => candidate * power >= raw * 0.999)!;
  return factor * power;
}

function linearTicks([min, max]: readonly [number, number], count: number): number[] {
  const step = niceStep(max - min, count);
  const first = Math.ceil(min / step - 1e-9);
  const last = Math.floor(max / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logarithmicTicks([min, max]: readonly [number, number], count: number): number[] {
  const [low, high] = [Math.log10(min), Math.log10(max)];
  const every = Math.max(1, Math.ceil((high - low) / count));
  const decades = Array.from({ length: Math.floor(high) - Math.ceil(low) + 1 }, (_, i) => Math.ceil(low) + i)
    .filter((power) => power % every === 0)
    .map((power) => Number(`1e${power}`));
  if (decades.length >= 2) return decades;
  const all = Array.from({ length: Math.ceil(high) - Math.floor(low) + 1 }, (_, i) => Math.floor(low) + i);
  const mantissas = high - low < 1 ? [1, 2, 3, 4, 5, 6, 8] : [1, 2, 5];
  const within = all
    .flatMap((power) => mantissas.map((mantissa) => Number(`${mantissa}e${power}`)))
    .filter((value) => value >= min * 0.999 && value <= max * 1.001);
  return within.length >= 2 ? within : linearTicks([min, max], count);
}

/** Widens an interval to round numbers, so that it stays put while the data move a little. */
export function niceDomain(values: readonly number[], logarithmic: boolean): readonly [number, number] {
  const usable = values.filter((value) => Number.isFinite(value) && (!logarithmic || value > 0));
  if (usable.length === 0) return logarithmic ? [0.1, 1] : [0, 1];
  const [min, max] = [Math.min(...usable), Math.max(...usable)];
  if (logarithmic) return niceDecades(min, max);
  const size = Math.max(Math.abs(min), Math.abs(max));
  const span = max - min > 1e-9 * size ? max - min : size || 1;
  const step = niceStep(span * 1.06, 5) / 2;
  // An axis that nearly reaches zero starts there.
  const low = min >= 0 && min < 0.35 * max ? 0 : Math.floor((min - 0.03 * span) / step) * step;
  const high = Math.ceil((max + 0.03 * span) / step) * step;
  return [Math.min(min, Number(low.toPrecision(12))), Math.max(max, Number(high.toPrecision(12)))];
}

function niceDecades(min: number, max: number): readonly [number, number] {
  const round = (value: number, direction: 1 | -1) => {
    const power = 10 ** Math.floor(Math.log10(value));
    const mantissas = direction > 0 ? [1, 2, 5, 10] : [10, 5, 2, 1];
    const mantissa = value / power;
    const found = mantissas.find((m) => (direction > 0 ? m >= mantissa * 1.02 : m <= mantissa * 0.98));
    return (found ?? (direction > 0 ? 20 : 0.5)) * power;
  };
  return [round(min, -1), round(max, 1)];
}

/** A tick's label. */
export function tickLabel(value: number, logarithmic: boolean): string {
  if (logarithmic && (value < 1e-2 || value >= 1e4)) {
    const power = Math.floor(Math.log10(value) + 1e-9);
    const mantissa = Math.round(value / 10 ** power);
    const digits = String(power).replaceAll(/./g, (digit) => SUPERSCRIPT[digit]!);
    return mantissa === 1 ? `10${digits}` : `${mantissa}·10${digits}`;
  }
  return String(Number(value.toPrecision(6))).replace("-", "−");
}

const SUPERSCRIPT: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** Pixels to a hundredth. */
export function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}
