/** A sampled point of a curve; `values` is absent where the curve has none. */
export interface Sample {
  readonly x: number;
  readonly values?: readonly number[];
}

/** Deviation from the straight line, relative to the height of the picture, that is not worth another point. */
const FLAT = 0.002;

/**
 * Chooses where a curve is evaluated next: first a coarse grid, then the middle of the interval that bends most, so that
 * a picture is there at once and gets better.
 */
export class CurveSampler {
  readonly samples: Sample[] = [];
  private readonly waiting: number[];

  constructor(
    private readonly domain: readonly [number, number],
    private readonly logarithmic: boolean,
    private readonly size: { readonly first: number; readonly most: number },
    /** Abscissae where the curve may have a peak. */
    peaks: readonly number[] = [],
  ) {
    const [min, max] = domain;
    const grid = Array.from({ length: size.first }, (_, i) => this.at(i / (size.first - 1)));
    const inside = peaks.filter((x) => x > min && x < max);
    this.waiting = [...new Set([...grid, ...inside])].sort((a, b) => a - b);
  }

  /** Whether the coarse grid is complete. */
  get started(): boolean {
    return this.waiting.length === 0;
  }

  /** The next abscissa, or undefined when the curve is smooth. */
  next(): number | undefined {
    if (this.waiting.length > 0) return this.waiting.shift();
    if (this.samples.length >= this.size.most) return undefined;
    return this.worstInterval();
  }

  add(sample: Sample): void {
    const after = this.samples.findIndex(({ x }) => x > sample.x);
    this.samples.splice(after < 0 ? this.samples.length : after, 0, sample);
  }

  private worstInterval(): number | undefined {
    const { samples } = this;
    const t = samples.map(({ x }) => this.position(x));
    const bends = samples.map(() => 0);
    for (let i = 1; i + 1 < samples.length; i++) {
      const [left, middle, right] = [samples[i - 1]!.values, samples[i]!.values, samples[i + 1]!.values];
      // Next to a gap, find its edge.
      if (!left || !middle || !right) bends[i] = left || middle || right ? 0.05 : 0;
      else {
        const share = (t[i]! - t[i - 1]!) / (t[i + 1]! - t[i - 1]!);
        bends[i] = Math.max(
          ...middle.map((y, c) => bend(y, left[c]! + share * (right[c]! - left[c]!), this.height(c))),
        );
      }
    }
    let worst = { bend: 0, middle: NaN };
    for (let i = 0; i + 1 < samples.length; i++) {
      const width = t[i + 1]! - t[i]!;
      if (width < 1 / 400) continue;
      const bend = Math.max(bends[i]!, bends[i + 1]!);
      if (bend > worst.bend) worst = { bend, middle: this.at((t[i]! + t[i + 1]!) / 2) };
    }
    return worst.bend > FLAT ? worst.middle : undefined;
  }

  /** Distance between the lowest and highest value of one component. */
  private height(component: number): number {
    const values = this.samples.flatMap(({ values: all }) => (all ? [all[component]!] : []));
    return Math.max(...values) - Math.min(...values);
  }

  private at(t: number): number {
    const [min, max] = this.domain;
    if (t === 0 || t === 1) return t === 0 ? min : max;
    return this.logarithmic ? min * (max / min) ** t : min + (max - min) * t;
  }

  private position(x: number): number {
    const [min, max] = this.domain;
    return this.logarithmic ? Math.log(x / min) / Math.log(max / min) : (x - min) / (max - min);
  }
}

function bend(y: number, line: number, height: number): number {
  return height > 0 ? Math.abs(y - line) / height : 0;
}
