import { Column, density, Extended, extended, ONE, ZERO } from "./extended.ts";

const NODES = 16;

/** Legendre's nodes and weights on [−1, 1] by Newton's method on the recurrence. */
function legendre(n: number): { nodes: Extended[]; weights: Extended[] } {
  const nodes: Extended[] = [];
  const weights: Extended[] = [];
  for (let i = 0; i < n; i++) {
    let x = extended(Math.cos((Math.PI * (i + 0.75)) / (n + 0.5)));
    let slope = ONE;
    for (let step = 0; step < 8; step++) {
      let [before, here] = [ONE, x];
      for (let k = 2; k <= n; k++) {
        const next = x
          .times(here)
          .times(extended(2 * k - 1))
          .minus(before.times(extended(k - 1)));
        [before, here] = [here, next.over(extended(k))];
      }
      slope = x.times(here).minus(before).times(extended(n)).over(x.squared().minus(ONE));
      x = x.minus(here.over(slope));
    }
    nodes.push(x);
    weights.push(extended(2).over(ONE.minus(x.squared()).times(slope.squared())));
  }
  return { nodes, weights };
}

const RULE = legendre(NODES);
const END = 14;

/**
 * Panels of 16 nodes on [−14, 14] with an edge at 0, where every kink of the audit's functions is. They are short as far as
 * features turn or freeze: 1/(1 + V) goes from one level to another within about 1/(s²κ).
 *
 * @param slopes of the features along κ, s = r/√c, and of the target, |γ|/ρ
 * @param waves largest slope of what does not freeze but oscillates
 * @param refinement every panel is cut into so many
 */
export function gaussianGrid(
  slopes: readonly number[],
  waves: number,
  refinement = 1,
): { kappa: Extended[]; weights: Column } {
  const edges = [0];
  for (;;) {
    const x = edges.at(-1)!;
    const lengths = slopes.map((s) => (s * x < 12 ? 0.8 / (s * Math.max(1, 0.25 * s * x)) : Infinity));
    const next = x + Math.min(0.5, 1.6 / waves, ...lengths) / refinement;
    if (next >= END) break;
    edges.push(next);
  }
  edges.push(END);
  const kappa: Extended[] = [];
  const weights: Extended[] = [];
  for (let panel = 0; panel + 1 < edges.length; panel++) {
    const half = extended(edges[panel + 1]!)
      .minus(extended(edges[panel]!))
      .scaled(0.5);
    RULE.nodes.forEach((node, i) => {
      const x = extended(edges[panel]!).plus(half.times(node.plus(ONE)));
      const weight = half.times(RULE.weights[i]!).times(density(x));
      kappa.push(x, x.scaled(-1));
      weights.push(weight, weight);
    });
  }
  const total = weights.reduce((sum, weight) => sum.plus(weight), ZERO);
  return { kappa, weights: Column.from(weights.map((weight) => weight.over(total))) };
}
