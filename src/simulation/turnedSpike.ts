import type { Matrix } from "./matrix.ts";
import type { RandomStream } from "./randomStreams.ts";
import { type Directions, scale, squaredNorm } from "./weights.ts";

/**
 * Turns the spike of weights from v to v′ = γθ + ρζ′, ζ′ a random direction orthogonal to θ, by the reflection I − 2uuᵀ, u ∝ v − v′:
 * it keeps θ, which u is orthogonal to, and the law of the bulk, which is rotation invariant (statistics §4).
 */
export function turnedSpike(weights: Matrix, { target, spike }: Directions, stream: RandomStream): void {
  const d = weights.columns;
  const theta = new Float64Array(d);
  [theta[0], theta[1]] = target;
  const fresh = spike.map(() => stream.normal());
  addMultiple(fresh, -product(fresh, theta), theta);
  const gamma = product(spike, theta);
  scale(fresh, Math.sqrt(Math.max(0, 1 - gamma * gamma) / squaredNorm(fresh)));
  addMultiple(fresh, gamma, theta);
  const u = spike.map((value, i) => value - fresh[i]!);
  const length = squaredNorm(u);
  if (length === 0) return;
  for (let j = 0; j < weights.rows; j++) {
    const row = weights.data.subarray(j * weights.stride, j * weights.stride + d);
    addMultiple(row, (-2 * product(row, u)) / length, u);
  }
}

function product(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function addMultiple(to: Float64Array, factor: number, from: Float64Array): void {
  for (let i = 0; i < to.length; i++) to[i]! += factor * from[i]!;
}
