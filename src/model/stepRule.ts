import type { Activation } from "../activation/activation.ts";
import { ruleForFunction } from "../activation/certifiedAverage.ts";
import { breakpointsOf, conditionalMoments } from "../activation/conditionalMoments.ts";
import { add, box, type Box, modulus, nearest, scale as scaled } from "../numerics/box.ts";
import { ruleCompressor } from "../numerics/compressedRule.ts";
import type { WeightedNodes } from "../numerics/discreteGauss.ts";
import { gaussianDensity } from "../numerics/gaussianRule.ts";
import { legendreRule } from "../numerics/gaussLegendre.ts";

/**
 * A discrete law of the residual y = σ*(s) + √Δε − shift that one gradient step sees, with s = θᵀx: for every F that is
 * smooth on the rule's scale, E F(y) = Σ weight F, E[sF(y)] = Σ first F, E[s²F(y)] = Σ second F (theory §9).
 */
export interface StepRule {
  readonly y: Float64Array;
  readonly weight: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
}

/** Node counts up to which compressing a rule gains nothing. */
const FEW_NODES = 100;
/** Reach of ε at most, and the length of the pieces on which its density is a polynomial to rounding. */
const NOISE_REACH = 9;
const NOISE_PIECE = 1.5;
const NOISE_NODES = 12;

/**
 * @param shift what the initial network outputs
 * @param poleScale modulus of y beyond which the integrands, rational in y, saturate; Infinity if they do not
 * @param reach samples with |s| or |ε| beyond are left out
 * @throws QuadratureError if a moment of the target is not finite
 */
export function stepRule(
  target: Activation,
  labelNoise: number,
  shift: number,
  poleScale: number,
  reach = Infinity,
): StepRule {
  const noise = Math.sqrt(labelNoise);
  const label = (s: number) => target.value(s) - shift;
  const typical = typicalLabel(label, noise);
  const scale = 0.5 * Math.min(typical, poleScale);
  // Averaged over ε, the integrands vary on the scale of the noise at least.
  const cleanScale = Math.max(scale, noise / 2);
  const clean = fewer(mergeEqual(cleanRule(target, label, noise, cleanScale, reach, typical)), cleanScale);
  const { nodes, weights } = noise === 0 ? clean : withNoise(clean, noise, scale, Math.min(reach, NOISE_REACH));
  const total = weights[0]!.reduce((sum, w) => sum + w, 0);
  const [weight, first, second] = weights.map((column) => column.map((w) => w / total));
  return { y: nodes, weight: weight!, first: first!, second: second! };
}

/**
 * The law of the residual y − shift of labels ±1 with E[y | s] = ȳ(s): P(y = ±1) = (1 ± E ȳ)/2, and with s and s² likewise.
 *
 * @param shift what the initial network outputs
 */
export function signStepRule(mean: Activation, shift: number): StepRule {
  const moments = conditionalMoments(mean, 0, 1, "target");
  const [first, second] = [moments.first, moments.second + moments.mean];
  return {
    y: Float64Array.of(-1 - shift, 1 - shift),
    weight: Float64Array.of(0.5 * (1 - moments.mean), 0.5 * (1 + moments.mean)),
    first: Float64Array.of(-0.5 * first, 0.5 * first),
    second: Float64Array.of(0.5 * (1 - second), 0.5 * (1 + second)),
  };
}

/** Root mean square of the label on a coarse grid. */
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

/** Average of 1/(1 + (y/width)²), at least, at widths beyond the typical y; below, it falls with the width. */
const LEAST_SATURATION = 0.05;

/** sup of y², sy, s²y² in units of E y², and of 1, s², sy times 1/(1 + ((y − centre)/width)²) in those of its average. */
function boundOfLabel(
  target: Box,
  s: Box,
  shift: number,
  typical: number,
  saturating: readonly { readonly centre: number; readonly width: number }[],
): number {
  const y = add(target, box(shift, shift, 0));
  const [far, size] = [modulus(s), modulus(y) / typical];
  let most = (1 + far * far) * Math.max(1, size * size);
  for (const { centre, width } of saturating) {
    const u = scaled(add(y, box(-centre, -centre, 0)), 1 / width);
    const denominator = 1 + nearest(u) ** 2 - u.im * u.im;
    if (!(denominator > 0)) return Infinity;
    const average = LEAST_SATURATION * Math.min(1, width / typical);
    most = Math.max(most, ((1 + far * far) * Math.max(1, size)) / (average * denominator));
  }
  return most;
}

/** Law of the clean label with weights for 1, s, s², on a grid of s that resolves functions of it on the given scale. */
function cleanRule(
  target: Activation,
  label: (s: number) => number,
  noise: number,
  width: number,
  reach: number,
  typical: number,
): WeightedNodes {
  const centres = noise > 0 ? [0, -noise, noise, -3 * noise, 3 * noise] : [0];
  const saturating = centres.flatMap((centre) => [2, 8].map((factor) => ({ centre, width: factor * width })));
  const rule = ruleForFunction(
    (s, out) => {
      const y = label(s);
      out.set([y * y, s * y, s * s * y * y]);
      saturating.forEach(({ centre, width }, i) => {
        const value = 1 / (1 + ((y - centre) / width) ** 2);
        out.set([value, s * s * value, s * y * value], 3 + 3 * i);
      });
    },
    {
      dimension: 3 + 3 * saturating.length,
      breakpoints: breakpointsOf(target, 0, 1),
      tolerance: 1e-13,
      name: "target in the gradient step",
      of: target,
      scale: 1,
      bound: (image, z) => boundOfLabel(image, z, label(0) - target.value(0), typical, saturating),
    },
  );
  const kept = (_: number, i: number) => Math.abs(rule.nodes[i]!) <= reach;
  const [s, w] = [rule.nodes.filter(kept), rule.weights.filter(kept)];
  const powers = [0, 1, 2].map((power) => w.map((value, i) => value * s[i]! ** power));
  return { nodes: s.map(label), weights: powers };
}

/** A target with flat parts repeats its values: their weights add up. */
function mergeEqual({ nodes, weights }: WeightedNodes): WeightedNodes {
  const order = Array.from(nodes, (_, i) => i).sort((a, b) => nodes[a]! - nodes[b]!);
  const merged: number[] = [];
  const sums: number[][] = weights.map(() => []);
  for (const i of order) {
    const repeated = merged.length > 0 && merged.at(-1) === nodes[i];
    if (!repeated) merged.push(nodes[i]!);
    weights.forEach((column, c) => {
      if (repeated) sums[c]![merged.length - 1]! += column[i]!;
      else sums[c]!.push(column[i]!);
    });
  }
  return { nodes: Float64Array.from(merged), weights: sums.map((column) => Float64Array.from(column)) };
}

function fewer(rule: WeightedNodes, scale: number): WeightedNodes {
  const { nodes, weights } = rule;
  if (nodes.length <= FEW_NODES) return rule;
  const compressor = ruleCompressor(nodes[0]!, nodes.at(-1)!, scale, weights.length);
  nodes.forEach((y, i) => {
    compressor.add(
      y,
      weights.map((column) => column[i]!),
    );
  });
  const compressed = compressor.rule();
  return compressed.nodes.length < nodes.length ? compressed : rule;
}

/**
 * Adds √Δε to the label: the sum of the densities of ε about the nodes, ascending, is integrated piece by piece over the panels of
 * the compressed rule. Where these are cut off they end a piece.
 */
function withNoise({ nodes, weights }: WeightedNodes, noise: number, scale: number, noiseReach: number): WeightedNodes {
  const reach = noiseReach * noise;
  const cut = noiseReach < NOISE_REACH;
  const compressor = ruleCompressor(nodes[0]! - reach, nodes.at(-1)! + reach, scale, weights.length);
  const legendre = legendreRule(NOISE_NODES);
  const apart = (i: number) => cut || !(nodes[i]! - nodes[i - 1]! < 2 * reach);
  const ends = Array.from(nodes).flatMap((centre, i) => [
    ...(apart(i) ? [centre - reach] : []),
    ...(apart(i + 1) ? [centre + reach] : []),
  ]);
  const addPiece = (left: number, right: number) => {
    const half = 0.5 * (right - left);
    const middle = left + half;
    const distance = cut ? reach : reach + half;
    const first = nodes.findIndex((centre) => centre > middle - distance);
    legendre.nodes.forEach((x, j) => {
      const y = left + half * (1 + x);
      const sums = weights.map(() => 0);
      for (let i = first; i < nodes.length && nodes[i]! < middle + distance; i++) {
        const density = gaussianDensity((y - nodes[i]!) / noise);
        for (let c = 0; c < sums.length; c++) sums[c]! += density * weights[c]![i]!;
      }
      const length = (half / noise) * legendre.weights[j]!;
      compressor.add(
        y,
        sums.map((sum) => length * sum),
      );
    });
  };
  const edges = Float64Array.from([...compressor.edges, ...ends]).sort();
  for (let k = 1; k < edges.length; k++) {
    const [left, right] = [edges[k - 1]!, edges[k]!];
    const middle = 0.5 * (left + right);
    if (!(right > left && nodes.some((centre) => Math.abs(centre - middle) < reach))) continue;
    const pieces = Math.ceil((right - left) / (NOISE_PIECE * noise));
    // Pieces end where the next begin in every digit: those of little noise are short beside where they are.
    const at = (piece: number) => left + ((right - left) * piece) / pieces;
    for (let piece = 0; piece < pieces; piece++) addPiece(at(piece), at(piece + 1));
  }
  return compressor.rule();
}
