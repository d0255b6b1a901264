import type { Activation } from "../activation/activation.ts";
import { breakpointsOf } from "../activation/conditionalMoments.ts";
import { adaptGaussianRule, END, gaussianDensity } from "../numerics/gaussianAverage.ts";
import { compressRule } from "../numerics/compressedRule.ts";

/**
 * A discrete law of the residual y = σ*(s) + √Δε − shift that one gradient step sees, with s = θᵀx: for every smooth F,
 * E F(y) = Σ weight F, E[sF(y)] = Σ first F, E[s²F(y)] = Σ second F (theory §9).
 */
export interface StepRule {
  readonly y: Float64Array;
  readonly weight: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Node counts up to which compressing a rule gains nothing. */
const FEW_NODES = 100;
/** Trapezoid steps in ε: for the density alone, and per unit of the scale on which the integrands vary. */
const NOISE_STEP = 0.5;
const NOISE_STEP_PER_SCALE = 0.3;

/**
 * @param shift what the initial network outputs
 * @param poleScale modulus of y beyond which the integrands, rational in y, saturate; Infinity if they do not
 * @throws QuadratureError if a moment of the target is not finite
 */
export function stepRule(target: Activation, labelNoise: number, shift: number, poleScale: number): StepRule {
  const noise = Math.sqrt(labelNoise);
  const label = (s: number) => target.value(s) - shift;
  const scale = Math.min(0.5 * typicalLabel(label, noise), 0.5 * poleScale);
  const centres = noise > 0 ? [0, -noise, noise, -3 * noise, 3 * noise] : [0];
  const widths = [2 * scale, 8 * scale];
  const rule = adaptGaussianRule(
    (s, out) => {
      const y = label(s);
      let at = 0;
      out[at++] = y * y;
      out[at++] = s * y;
      out[at++] = s * s * y * y;
      for (const centre of centres) {
        for (const width of widths) {
          const saturating = 1 / (1 + ((y - centre) / width) ** 2);
          out[at++] = saturating;
          out[at++] = s * s * saturating;
          out[at++] = s * y * saturating;
        }
      }
    },
    {
      dimension: 3 + 3 * centres.length * widths.length,
      breakpoints: breakpointsOf(target, 0, 1),
      tolerance: 1e-13,
      name: "target in the gradient step",
    },
  );
  const epsilon = noiseNodes(noise, scale);
  const points = Array.from(rule.nodes, (s, i) => ({ s, y: label(s), w: rule.weights[i]! })).flatMap(({ s, y, w }) =>
    epsilon.map(([e, share]) => [y + noise * e, w * share, w * share * s, w * share * s * s] as const),
  );
  const [y, weight, first, second] = compressRule(mergeEqual(points), scale, FEW_NODES);
  return { y: y!, weight: weight!, first: first!, second: second! };
}

/** Root mean square of the label over the nodes that any rule must see. */
function typicalLabel(label: (s: number) => number, noise: number): number {
  let [sum, total] = [0, 0];
  for (let s = -4; s <= 4; s += 0.25) {
    const value = label(s);
    // Where the target has no value is reported when the rule meets the place.
    if (Number.isFinite(value)) sum += gaussianDensity(s) * value * value;
    total += gaussianDensity(s);
  }
  return Math.sqrt(sum / total + noise * noise) || 1;
}

/** Trapezoid rule for ε ~ N(0,1): it converges exponentially in the distance of the integrand's poles. */
function noiseNodes(noise: number, scale: number): [epsilon: number, weight: number][] {
  if (noise === 0) return [[0, 1]];
  const step = Math.min(NOISE_STEP, (NOISE_STEP_PER_SCALE * scale) / noise);
  const nodes: [number, number][] = [];
  for (let k = -Math.ceil(9 / step); k * step < 9 && k * step < END; k++) {
    nodes.push([k * step, step * gaussianDensity(k * step)]);
  }
  return nodes;
}

type Point = readonly [y: number, weight: number, first: number, second: number];

/** A target with flat parts repeats its values: their weights add up. */
function mergeEqual(points: readonly Point[]): Point[] {
  const merged = new Map<number, Point>();
  for (const point of points) {
    const known = merged.get(point[0]);
    merged.set(point[0], known ? [point[0], known[1] + point[1], known[2] + point[2], known[3] + point[3]] : point);
  }
  return [...merged.values()].sort((a, b) => a[0] - b[0]);
}
