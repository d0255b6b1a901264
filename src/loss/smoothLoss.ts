import { ParameterError } from "../errors.ts";
import type { SmoothLoss } from "../parameters/loss.ts";
import type { ConvexLoss } from "./convexLoss.ts";

const MOST_STEPS = 200;
/** Places where the functions of a loss are checked against each other. */
const PLACES = Array.from({ length: 41 }, (_, i) => Math.sinh((i - 20) / 6));
/** Scale on which a loss of the caller's is first taken to change; the rules are refined until the result settles. */
const SCALE = 1;
/** Places of z, spaced by the scale and farther out in proportion to z, where the proximal map's own scale is told. */
const LANDMARKS = Array.from({ length: 33 }, (_, i) => 3 * SCALE * Math.sinh((i - 16) / 2));

/**
 * A loss of the caller's with its proximal map by bracketed Newton.
 *
 * @throws ParameterError if the functions are not finite, not convex, or not each other's derivatives
 */
export function smoothLoss(input: SmoothLoss): ConvexLoss {
  const { kind, value, derivative, secondDerivative } = input;
  const name = value.name && value.name !== "value" ? value.name : "user loss";
  checkPlaces(input);
  return {
    name,
    kind,
    value,
    proximal(x, V, out) {
      const slope = derivative(x);
      if (V === 0 || slope === 0) {
        const curvature = secondDerivative(x);
        Object.assign(out, { z: x, slope, curvature: curvature / (1 + V * curvature) });
        return;
      }
      // z + Vℓ′(z) = x is increasing in z, and ℓ′ increasing: z lies between x and x − Vℓ′(x).
      let [low, high] = slope > 0 ? [x - V * slope, x] : [x, x - V * slope];
      let z = x - (V * slope) / (1 + V * secondDerivative(x));
      let before = Infinity;
      for (let step = 0; step < MOST_STEPS; step++) {
        if (!(z >= low && z <= high)) z = 0.5 * (low + high);
        let excess = z + V * derivative(z) - x;
        // Newton may go back and forth between the ends of a steep stretch.
        if (Math.abs(excess) > 0.5 * before) {
          z = 0.5 * (low + high);
          excess = z + V * derivative(z) - x;
        }
        before = Math.abs(excess);
        if (excess > 0) high = z;
        else low = z;
        const change = excess / (1 + V * secondDerivative(z));
        z -= change;
        if (!(Math.abs(change) > 1e-15 * (Math.abs(z) + Math.abs(x)))) break;
      }
      const curvature = secondDerivative(z);
      out.z = z;
      out.slope = derivative(z);
      out.curvature = curvature / (1 + V * curvature);
    },
    breakpoints: () => [],
    features: (V) =>
      LANDMARKS.map((z) => ({
        at: z + V * derivative(z),
        width: (1 + V * secondDerivative(z)) * Math.hypot(SCALE, z / 3),
      })),
    slopeAtZero: derivative(0),
    curvatureBound: PLACES.reduce((top, x) => Math.max(top, secondDerivative(x)), 0),
    strip: SCALE,
  };
}

function checkPlaces({ value, derivative, secondDerivative }: SmoothLoss): void {
  for (const x of PLACES) {
    const [v, d, c] = [value(x), derivative(x), secondDerivative(x)];
    if (![v, d, c].every(Number.isFinite)) throw new ParameterError("loss", value, `finite at x = ${x}`);
    if (c < 0) throw new ParameterError("loss", value, `convex: secondDerivative(${x}) = ${c}`);
    const h = 1e-4 * (1 + Math.abs(x));
    const wrong = (f: (x: number) => number, slope: number) => {
      const difference = (f(x + h) - f(x - h)) / (2 * h);
      const scale = Math.abs(slope) + Math.abs(f(x)) + Math.abs(f(x + h) - f(x)) / h;
      return Math.abs(difference - slope) > 1e-3 * scale + 1e-9;
    };
    if (wrong(value, d)) throw new ParameterError("loss", value, `derivative must be that of value, at x = ${x}`);
    if (wrong(derivative, c)) {
      throw new ParameterError("loss", value, `secondDerivative must be that of derivative, at x = ${x}`);
    }
  }
}
