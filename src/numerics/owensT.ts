import { legendreRule } from "./gaussLegendre.ts";
import { normalCdf } from "./normal.ts";

const NODES = 12;
/** Longest panel: on half of [0, 1] 1/(1 + x²) is a polynomial of degree 23 to 1e-21. */
const LONGEST = 0.5;
/** Heights at which T is below 1e-17. */
const HIGHEST = 8.5;

/**
 * Owen's T(h, a) = (1/2π) ∫₀ᵃ exp(−h²(1 + x²)/2)/(1 + x²) dx, any real or infinite h and a, to 1e-16 absolutely (D. B. Owen, Ann. Math.
 * Stat. 27 (1956) 1075–1090): by a Gauss–Legendre rule for |a| ≤ 1, and for larger a from T(ah, 1/a).
 */
export function owensT(h: number, a: number): number {
  const [height, slope] = [Math.abs(h), Math.abs(a)];
  if (slope === 0 || height > HIGHEST) return 0;
  const T = slope <= 1 ? nearT(height, slope) : farT(height, slope);
  return a < 0 ? -T : T;
}

function nearT(h: number, a: number): number {
  const { nodes, weights } = legendreRule(NODES);
  const panels = a > LONGEST ? 2 : 1;
  const half = (0.5 * a) / panels;
  const c = -0.5 * h * h;
  let sum = 0;
  for (let panel = 0; panel < panels; panel++) {
    for (let i = 0; i < NODES; i++) {
      const x = half * (2 * panel + 1 + nodes[i]!);
      const square = 1 + x * x;
      sum += (weights[i]! * Math.exp(c * square)) / square;
    }
  }
  return (half * sum) / (2 * Math.PI);
}

/** T(h, a) = Φ(−h)/2 + Φ(−ah)/2 − Φ(−h)Φ(−ah) − T(ah, 1/a) for h ≥ 0, a > 0. */
function farT(h: number, a: number): number {
  const [first, second] = [normalCdf(-h), h === 0 ? 0.5 : normalCdf(-a * h)];
  const rest = a === Infinity ? 0 : nearT(a * h, 1 / a);
  return 0.5 * (first + second) - first * second - rest;
}

/** Stands for 0, where only the ratio of the arguments counts. */
const TINY = 1e-200;
/** Beyond, Φ is 0 or 1 in every digit. */
const FAR = 40;

/**
 * P(X < h, Y < k) for standard normals of correlation ϱ, from 1 − ϱ², which must keep its digits near |ϱ| = 1 (Owen 1956).
 *
 * @param complement 1 − ϱ²
 */
export function bivariateNormalBelow(h: number, k: number, correlation: number, complement: number): number {
  const [x, y] = [h === 0 ? TINY : h, k === 0 ? TINY : k];
  if (Math.abs(x) > FAR) return x < 0 ? 0 : normalCdf(y);
  if (Math.abs(y) > FAR) return y < 0 ? 0 : normalCdf(x);
  const root = Math.sqrt(Math.max(complement, TINY));
  const opposite = x < 0 !== y < 0 ? 0.5 : 0;
  const both = owensT(x, (y / x - correlation) / root) + owensT(y, (x / y - correlation) / root);
  return 0.5 * (normalCdf(x) + normalCdf(y)) - both - opposite;
}
