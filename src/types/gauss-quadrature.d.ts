declare module "gauss-quadrature" {
  /** [nodes, weights] of the n-point Gauss–Legendre rule on [−1, 1]. */
  export default function gaussQuadrature(n: number): [nodes: number[], weights: number[]];
}
