import { ConvergenceError } from "../errors.ts";
import type { FeatureResolvent, ResolventPoint } from "./featureResolvent.ts";

/** A point of the real axis, with the share of the eigenvalues below it. */
export interface AxisSample {
  readonly x: number;
  readonly below: number;
  readonly point: ResolventPoint;
}

/** Share of the mass outside zero that is not looked for. */
const NEGLIGIBLE_MASS = 1e-9;
/** Ratio of neighbouring x in the scan: fine over the first decades below the top, then coarse. */
const FINE_RATIO = 1.25;
const COARSE_RATIO = 1.6;
const FINE_DECADES = 3;
/** Far down, where the density is close to a power, the logarithm of x grows by this part from sample to sample. */
const GROWTH = 0.05;
/** Outside the bulk the scan ends at this fraction of the top, inside where squares are about to underflow. */
const [BOTTOM, SMALLEST] = [1e-30, 1e-140];
/** Where a tail can still be followed, steps of this ratio can. */
const LEAST_RATIO = 1.05;
/** Mass that a tail may have where it cannot be followed any farther: it is known, but not its density. */
const MISSING = 1e-2;

/**
 * Samples from above the bulk down to zero, descending, between which nothing is hidden: two outside the bulk have no eigenvalue
 * between them, and between two inside the density is what it is at its ends.
 *
 * @param atom mass at zero
 * @param known places to be sampled, too
 * @throws ConvergenceError if there is no solution, or where a part of the spectrum is too narrow to be found
 */
export function sampleAxis(resolvent: FeatureResolvent, atom: number, known: readonly number[] = []): AxisSample[] {
  const little = NEGLIGIBLE_MASS * (1 - atom);
  const sample = (x: number, starts: readonly ResolventPoint[]): AxisSample => {
    const point = resolvent.at([x, 0], ...starts);
    return { x, point, below: resolvent.massBelow(point) };
  };
  const samples = [aboveAll(resolvent, sample, little)];
  const top = samples[0]!.x;
  for (let last = samples[0]!; last.below - atom > little; last = samples.at(-1)!) {
    if (last.x < (last.point.branch === "bulk" ? SMALLEST : BOTTOM) * top) break;
    const coarse = Math.max(COARSE_RATIO, (top / last.x) ** GROWTH);
    const next = stepDown(sample, last, last.x > 10 ** -FINE_DECADES * top ? FINE_RATIO : coarse, atom);
    if (!next) break;
    samples.push(...between(sample, last, next, little), next);
  }
  return known.reduce((all, x) => insert(all, sample, x, little), samples);
}

function insert(samples: AxisSample[], sample: Sampler, x: number, little: number): AxisSample[] {
  const at = samples.findIndex((other) => other.x <= x);
  const [above, below] = [samples[at - 1], samples[at]];
  if (!above || !below || below.x === x) return samples;
  const here = sample(x, [above.point, below.point]);
  const added = [...between(sample, above, here, little), here, ...between(sample, here, below, little)];
  return [...samples.slice(0, at), ...added, ...samples.slice(at)];
}

type Sampler = (x: number, starts: readonly ResolventPoint[]) => AxisSample;

function aboveAll(resolvent: FeatureResolvent, sample: Sampler, little: number): AxisSample {
  for (let x = 4 * resolvent.firstMoment; ; x *= 2) {
    const here = sample(x, []);
    if (here.point.branch !== "bulk" && 1 - here.below <= little) return here;
  }
}

/** The next sample down the axis, nearer where a long step fails; none where a tail with little mass cannot be followed. */
function stepDown(sample: Sampler, from: AxisSample, ratio: number, atom: number): AxisSample | undefined {
  for (let step = ratio; ; step = Math.sqrt(step)) {
    try {
      return sample(from.x / step, [from.point]);
    } catch (error) {
      if (!(error instanceof ConvergenceError)) throw error;
      if (step > LEAST_RATIO) continue;
      if (from.point.branch === "bulk" && from.below - atom < MISSING) return undefined;
      throw error;
    }
  }
}

/** Relative distance at which a part of the spectrum is given up for too narrow. */
const NARROWEST = 1e-13;
/** Relative distance within which an edge is left to its own search. */
const NEAR_EDGE = 0.05;
/** Agreement of the mass between two samples inside with the density at them. */
const AGREEMENT = 0.02;

/** Samples between two neighbours, descending, without them. */
function between(sample: Sampler, above: AxisSample, below: AxisSample, little: number): AxisSample[] {
  const mass = above.below - below.below;
  const inside = [above, below].filter(({ point }) => point.branch === "bulk");
  const near = above.x <= (1 + NEAR_EDGE) * below.x;
  if (
    inside.length === 0 ? mass <= little : inside.length === 1 ? near : mass <= little || isSmooth(above, below, mass)
  ) {
    return [];
  }
  const x = Math.sqrt(above.x * below.x);
  if (!(above.x > (1 + NARROWEST) * below.x)) {
    if (inside.length > 0) return [];
    const detail = `the part of the spectrum with mass ${mass} near ${x} is too narrow`;
    throw new ConvergenceError("max-iterations", detail, NaN, { x });
  }
  const middle = sample(
    x,
    [...inside, above, below].map(({ point }) => point),
  );
  return [...between(sample, above, middle, little), middle, ...between(sample, middle, below, little)];
}

/** Hermite's rule in log x. */
function isSmooth(above: AxisSample, below: AxisSample, mass: number): boolean {
  const length = Math.log(above.x / below.x);
  const [high, low] = [above, below].map(({ x, point: { stieltjes, slope } }) => {
    const value = (x * stieltjes[1]) / Math.PI;
    return { value, rise: value + (x * x * slope[1]) / Math.PI };
  }) as [Ends, Ends];
  const estimate = 0.5 * length * (high.value + low.value) + (length ** 2 / 12) * (low.rise - high.rise);
  return Math.abs(estimate - mass) <= AGREEMENT * mass;
}

interface Ends {
  readonly value: number;
  readonly rise: number;
}
