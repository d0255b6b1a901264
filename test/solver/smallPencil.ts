/**
 * Theory §9 for a homogeneous readout as it stands there: the 2×2 pencil with √t, iterated plainly, on a quadrature of its
 * own. Written independently of the library's symmetric 3K×3K form, to test it.
 */

type Matrix = readonly [number, number, number, number];

const add = (a: Matrix, b: Matrix, s = 1): Matrix => [
  a[0] + s * b[0],
  a[1] + s * b[1],
  a[2] + s * b[2],
  a[3] + s * b[3],
];
const scale = (a: Matrix, s: number): Matrix => [a[0] * s, a[1] * s, a[2] * s, a[3] * s];
const times = (a: Matrix, b: Matrix): Matrix => [
  a[0] * b[0] + a[1] * b[2],
  a[0] * b[1] + a[1] * b[3],
  a[2] * b[0] + a[3] * b[2],
  a[2] * b[1] + a[3] * b[3],
];
function inverse(a: Matrix): Matrix {
  const det = a[0] * a[3] - a[1] * a[2];
  return [a[3] / det, -a[1] / det, -a[2] / det, a[0] / det];
}
const IDENTITY: Matrix = [1, 0, 0, 1];

export interface SmallStep {
  /** Points (s, y) with weights that sum to 1. */
  readonly points: readonly (readonly [s: number, y: number, weight: number])[];
  readonly stepSampleRatio: number;
  readonly a: number;
  readonly kappa: number;
  /** Ψ₁ and χ of the row norms, functions of y. */
  readonly psi1: (y: number) => number;
  readonly chi: (y: number) => number;
}

/** (1/d)tr(I + tC)⁻¹, the 2×2 matrix 𝓕 as (vv, vζ̂, ζ̂ζ̂), and vᵀRq, ζ̂ᵀRq, qᵀRq. */
export function smallPencil(step: SmallStep, t: number) {
  const { points, stepSampleRatio: ratio, a, kappa, psi1, chi } = step;
  const root = Math.sqrt(t);
  const start: Matrix = [1, root, -root, 1];
  const T = (y: number): Matrix => [t * kappa * y * y, root * a * y, -root * a * y, 0];
  const X = (y: number, G: Matrix) => inverse(add(IDENTITY, scale(times(G, T(y)), 1 / ratio)));
  const Y = (y: number, G: Matrix) => inverse(add(IDENTITY, scale(times(T(y), G), 1 / ratio)));
  const mean = (f: (s: number, y: number) => Matrix): Matrix =>
    points.reduce<Matrix>((sum, [s, y, w]) => add(sum, f(s, y), w), [0, 0, 0, 0]);
  const average = (f: (s: number, y: number) => number) => points.reduce((sum, [s, y, w]) => sum + w * f(s, y), 0);

  let G = inverse(start);
  for (let i = 0; i < 4000; i++) {
    const current = G;
    const next = inverse(
      add(
        start,
        mean((_, y) => times(T(y), X(y, current))),
      ),
    );
    const change = Math.max(...add(next, G, -1).map(Math.abs));
    G = scale(add(G, next), 0.5);
    if (change < 1e-15) break;
  }
  const theta = inverse(
    add(
      start,
      mean((s, y) => scale(times(T(y), X(y, G)), s * s)),
    ),
  );
  type Weight = (y: number) => number;
  const left = (f: Weight) => mean((s, y) => scale(X(y, G), s * f(y)));
  const right = (f: Weight) => mean((s, y) => scale(Y(y, G), s * f(y)));
  const M = (f: Weight, g: Weight): Matrix => {
    const noise = mean((_, y) => scale(times(G, Y(y, G)), (f(y) * g(y)) / ratio));
    return add(noise, times(times(left(f), theta), right(g)));
  };
  const alongTheta = (g: Weight) => times(theta, right(g));

  const y: Weight = (value) => value;
  const slope = average((s, value) => s * value);
  const norm = Math.sqrt(slope ** 2 + average((_, value) => value ** 2) / ratio);
  const [gamma, rho] = [slope / norm, Math.sqrt(1 - (slope / norm) ** 2)];
  const [vv, tv, tt] = [M(y, y)[0] / norm ** 2, times(left(y), theta)[0] / norm, theta[0]];
  const F = [vv, (tv - gamma * vv) / rho, (tt - 2 * gamma * tv + gamma ** 2 * vv) / rho ** 2] as const;
  const vq = (M(y, chi)[0] - M(y, psi1)[1] / root) / norm;
  const thetaq = alongTheta(chi)[0] - alongTheta(psi1)[1] / root;
  const p = average((s, value) => s * psi1(value)) ** 2 + average((_, value) => psi1(value) ** 2) / ratio;
  const qq = (p - M(psi1, psi1)[3]) / t - (2 * M(chi, psi1)[1]) / root + M(chi, chi)[0];
  return { trace: G[0], F, vq, zetaq: (thetaq - gamma * vq) / rho, qq };
}
