import type { Activation } from "../activation/activation.ts";
import type { Steps } from "../activation/signs.ts";
import type { ConvexLoss, Feature, ProximalPoint } from "../loss/convexLoss.ts";
import { normalCdf } from "../numerics/normal.ts";
import { bivariateNormalBelow } from "../numerics/owensT.ts";

/** Deviations beyond which a step is certain. */
const CERTAIN = 8.5;

/** Sign labels that are a step function of F = t + √Δε, t = γκ + ρζ, in the mean: P(y = +1 | F) = (1 + ȳ(F))/2. */
export interface StepLabels {
  /** γ */
  readonly alignment: number;
  readonly steps: Steps;
  /** Δ */
  readonly noise: number;
}

interface Growth {
  readonly base: number;
  readonly jumps: readonly number[];
}

const known = new WeakMap<Steps, Growth>();

/** P(y = +1 | F) at −∞, and by how much it grows at each place. */
export function growthOf(steps: Steps): Growth {
  let growth = known.get(steps);
  if (!growth) {
    const { places, values } = steps;
    const jumps = places.map((_, i) => 0.5 * (values[i + 1]! - values[i]!));
    known.set(steps, (growth = { base: 0.5 * (1 + values[0]!), jumps }));
  }
  return growth;
}

/** The output ω = M + Lζ + sξ given κ. */
export interface OutputGiven {
  readonly kappa: number;
  readonly M: number;
  readonly L: number;
  readonly s2: number;
}

/**
 * P(yω < threshold) given κ, the threshold `up` of y = 1 and `down` of y = −1: labels are steps of F ~ N(γκ, ρ² + Δ), which is
 * correlated with ω through L.
 */
function stepError(
  { alignment, noise, steps }: StepLabels,
  { kappa, M, L, s2 }: OutputGiven,
  up: number,
  down: number,
): number {
  const { base, jumps } = growthOf(steps);
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const S = Math.sqrt(s2 + L * L);
  const deviation = Math.hypot(rho, Math.sqrt(noise));
  const r = deviation === 0 ? 0 : (rho * (L / S)) / deviation;
  const complement = deviation === 0 ? 1 : (s2 / S / S) * (rho / deviation) ** 2 + noise / deviation ** 2;
  // y = 1 errs below its threshold, y = −1 above the negative of its own.
  const [low, high] = [(up - M) / S, (down + M) / S];
  let error = base * normalCdf(low) + (1 - base) * normalCdf(high);
  const { places } = steps;
  for (let i = 0; i < places.length; i++) {
    const distance = alignment * kappa - places[i]!;
    const a = deviation === 0 ? (distance > 0 ? Infinity : -Infinity) : distance / deviation;
    if (a < -CERTAIN) continue;
    if (a > CERTAIN) {
      error += jumps[i]! * (normalCdf(low) - normalCdf(high));
      continue;
    }
    const erring = bivariateNormalBelow(a, low, -r, complement);
    // What is below the one is above the other, where they are the same.
    const other = low === -high ? normalCdf(a) - erring : bivariateNormalBelow(a, high, r, complement);
    error += jumps[i]! * (erring - other);
  }
  return error;
}

/** Classification errors given κ. */
export interface ClassErrors {
  /** Where labels turn, in κ. */
  readonly turns: readonly Feature[];
  /** Of labels ±1. */
  readonly pulls?: Pulls;
  write(output: OutputGiven, V: number, out: ObservedClasses): void;
}

/** Classification errors; in training NaN for real labels. */
export interface ObservedClasses {
  testClassification: number;
  trainClassification: number;
}

/** ℓ′ at z = 0 along either label: yz < 0 where yω is below V times it. */
export interface Pulls {
  readonly up: number;
  readonly down: number;
}

/** Towards labels ±1. */
export function pullsOf(loss: ConvexLoss): Pulls {
  if (loss.kind === "margin") return { up: loss.slopeAtZero, down: loss.slopeAtZero };
  if (loss.limitOf) return { up: -Infinity, down: -Infinity };
  const towards = (y: number): number => {
    const point: ProximalPoint = { z: 0, slope: 0, curvature: 0 };
    loss.proximal(y, 0, point);
    return -y * point.slope;
  };
  return { up: towards(1), down: towards(-1) };
}

/** Where labels turn in κ, by where they do in t = γκ + ρζ. */
export function turnsInKappa(alignment: number, turns: readonly Feature[]): Feature[] {
  if (alignment === 0) return [];
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  return turns.map(({ at, width }) => ({ at: at / alignment, width: Math.hypot(rho, width) / Math.abs(alignment) }));
}

/**
 * Classification errors of labels that are steps, in closed form.
 *
 * @param pulls absent for real labels, of which these are the signs
 */
export function stepErrors(law: StepLabels, pulls?: Pulls): ClassErrors {
  const { alignment, noise, steps } = law;
  return {
    turns: turnsInKappa(
      alignment,
      steps.places.map((at) => ({ at, width: Math.sqrt(noise) })),
    ),
    ...(pulls && { pulls }),
    write(output, V, out) {
      out.testClassification = stepError(law, output, 0, 0);
      out.trainClassification = pulls ? stepError(law, output, V * pulls.up, V * pulls.down) : NaN;
    },
  };
}

/** The sign of a line of t, as steps. */
export function signOfLine({ offset, slope }: Line): Steps {
  if (slope === 0) return { places: [], values: [Math.sign(offset)] };
  const side = Math.sign(slope);
  return { places: [-offset / slope], values: [-side, side] };
}

export interface Line {
  readonly offset: number;
  readonly slope: number;
}

/** Where a function is compared with a line: spaced unevenly. */
const PLACES = Array.from({ length: 401 }, (_, i) => 12 * Math.sin(1 + 2.3 * i));
const ROUNDING = 1e-14;

/** The line that a function with a derivative is. */
export function lineOf({ value, derivative, kinks, jumps }: Activation): Line | undefined {
  if (!derivative || kinks.length + jumps.length > 0) return undefined;
  const [offset, slope] = [value(0), derivative(0)];
  const scale = Math.abs(offset) + Math.abs(slope);
  const straight = PLACES.every(
    (t) =>
      Math.abs(derivative(t) - slope) <= ROUNDING * scale &&
      Math.abs(value(t) - offset - slope * t) <= ROUNDING * scale * (1 + Math.abs(t)),
  );
  return straight ? { offset, slope } : undefined;
}
