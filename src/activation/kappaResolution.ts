import type { Activation } from "./activationType.ts";
import { scanResolution } from "./scan.ts";
import { box, modulus } from "../numerics/box.ts";
import { BODY, gaussianDensity, type Resolution } from "../numerics/gaussianRule.ts";
import { mapped } from "../numerics/mapped.ts";

/** Moments of an activation given κ: of σ(slope·κ + deviation·z). */
export interface Dependence {
  readonly activation: Activation;
  readonly slope: number;
  readonly deviation: number;
}

/** ln of the error of a rule at which what it averages is seen; how well it is resolved its values then tell. */
const SEEN = 18;
/** Heights of strips in κ. */
const HEIGHTS = [8, 5, 3, 2, 1.3, 0.8, 0.5, 0.3, 0.15, 0.07];
/** Standard deviations of z that an average takes in. */
const REACH = 9.5;
/** Ellipses of a panel of twelve nodes, with what they leave of a bound at the degree of the interpolant. */
const ELLIPSES = [3, 5, 9].map((rho) => ({
  real: (rho + 1 / rho) / 2,
  imaginary: (rho - 1 / rho) / 2,
  rest: 12 * Math.log(rho) - SEEN / 2,
}));
/** Panels with less of the density of κ hold nothing. */
const NOTHING = 1e-16;

/**
 * How finely κ must be sampled so that no moment given κ varies unseen. An average over z is entire in κ with growth
 * exp((slope·Im κ)²/(2 deviation²)), and squares of averages with twice that; and it is bounded where the activation is.
 */
export function kappaResolution(dependences: readonly Dependence[]): Resolution {
  const varying = dependences.filter(({ slope }) => slope !== 0);
  let step: number | undefined;
  return {
    get step() {
      return (step ??= Math.min(Infinity, ...mapped(varying, (one) => Math.max(smoothedStep(one), ownStep(one)))));
    },
    resolves(left, right) {
      const closest = left > 0 ? left : right < 0 ? right : 0;
      if ((right - left) * gaussianDensity(closest) < NOTHING) return true;
      return varying.every((one) => smoothedOn(one, left, right) || resolvedOn(one, left, right));
    },
  };
}

/** The density and the growth together are a Gaussian in Im κ, of which the trapezoid rule sees the transform. */
function smoothedStep({ slope, deviation }: Dependence): number {
  const growth = 1 + 2 * (slope / deviation) ** 2;
  return (2 * Math.PI) / Math.sqrt(2 * SEEN * growth);
}

/** The step by the strip in which the activation itself is bounded. */
function ownStep({ activation, slope }: Dependence): number {
  const { smoothness } = activation;
  if (!smoothness) return scanResolution(activation, 0, Math.abs(slope), BODY).step;
  if (smoothness.breaks.length > 0) return 0;
  const size = modulus(smoothness.range(-Infinity, Infinity));
  if (!(size > 0 && size < Infinity)) return 0;
  return Math.max(
    ...mapped(HEIGHTS, (height) => {
      const image = smoothness.image(box(-Infinity, Infinity, Math.abs(slope) * height), -Infinity, Infinity);
      const growth = image ? Math.log(modulus(image) / size) : Infinity;
      return growth < Infinity ? (2 * Math.PI * height) / (SEEN + 2 * growth + (height * height) / 2) : 0;
    }),
  );
}

function smoothedOn({ slope, deviation }: Dependence, left: number, right: number): boolean {
  const width = (slope * (right - left)) / 2 / deviation;
  return ELLIPSES.some(({ imaginary, rest }) => (imaginary * width) ** 2 <= rest);
}

/** Whether a panel of twelve nodes sees a function itself, averaged over nothing. */
export function seenOn(activation: Activation, left: number, right: number): boolean {
  return resolvedOn({ activation, slope: 1, deviation: 0 }, left, right);
}

function resolvedOn({ activation, slope, deviation }: Dependence, left: number, right: number): boolean {
  const { smoothness } = activation;
  if (!smoothness) return scanResolution(activation, 0, Math.abs(slope), BODY).resolves(left, right);
  const [half, middle] = [0.5 * (right - left), 0.5 * (left + right)];
  const reach = REACH * deviation;
  return ELLIPSES.some(({ real, imaginary, rest }) => {
    const width = Math.abs(slope) * half;
    const [low, high] = [slope * middle - real * width - reach, slope * middle + real * width + reach];
    const inner = deviation > 0 ? [low, high] : [slope * middle - width, slope * middle + width];
    const image = smoothness.image(box(low, high, imaginary * width), inner[0]!, inner[1]!);
    if (!image) return false;
    const size = modulus(smoothness.range(inner[0]!, inner[1]!));
    return modulus(image) === 0 || 2 * Math.log(modulus(image) / size) <= rest;
  });
}
