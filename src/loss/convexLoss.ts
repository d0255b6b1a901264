/** The proximal point z = argmin (z − x)²/2V + ℓ(z) with what the saddle point needs there. */
export interface ProximalPoint {
  z: number;
  /** ℓ′(z) = (x − z)/V */
  slope: number;
  /** dℓ′(z)/dx = ℓ″(z)/(1 + Vℓ″(z)) */
  curvature: number;
}

/** A place where the proximal map changes on a scale of its own. */
export interface Feature {
  readonly at: number;
  readonly width: number;
}

/** A stretch of x on which ℓ′(prox) is a straight line: slope + curvature·(x − anchor). */
export interface Piece {
  /** Where it ends; it begins where the one before ends, the first at −∞. */
  readonly end: number;
  readonly anchor: number;
  readonly slope: number;
  readonly curvature: number;
}

/**
 * A convex function of one variable with its proximal operator: of the margin x = y f, or of the residual x = y − f
 * (convexLosses §1–§2).
 */
export interface ConvexLoss {
  readonly name: string;
  readonly kind: "margin" | "residual";
  /** The loss whose limit λ → 0⁺ this is, in units in which λ = 1. */
  readonly limitOf?: ConvexLoss;
  value(x: number): number;
  /** Fills `out` for V > 0; V = 0 is the identity. What `out` holds may be used as a neighbour to start from. */
  proximal(x: number, V: number, out: ProximalPoint): void;
  /** The straight pieces of ℓ′(prox) at V, where it has no others: its Gaussian averages are then in closed form. */
  pieces?(V: number): readonly Piece[];
  /** Where ℓ or the proximal map at V has a kink, as values of x. */
  breakpoints(V: number): number[];
  /** Smooth but narrow places of the proximal map at V. */
  features(V: number): Feature[];
  /** ℓ′(0): z has the sign of x − Vℓ′(0). */
  readonly slopeAtZero: number;
  /** sup ℓ″, Infinity where ℓ has a kink. */
  readonly curvatureBound: number;
  /** Of residuals: whether ℓ′ is bounded. Margins with few that resist are looked at as if it were not. */
  readonly boundedSlope?: boolean;
  /** Distance from the real axis in x to the nearest singularity of the proximal map; Infinity for piecewise parabolas. */
  readonly strip: number;
}

/**
 * How residuals resist where features vanish: by 1/sup ℓ″ beside V, or a bounded ℓ′ by any amount, so that none weighs more
 * there than elsewhere.
 */
export const stiffnessOf = ({ boundedSlope, curvatureBound }: ConvexLoss): number =>
  boundedSlope ? Infinity : 1 / curvatureBound;

type Described = Pick<
  ConvexLoss,
  "name" | "kind" | "value" | "slopeAtZero" | "curvatureBound" | "boundedSlope" | "limitOf"
>;

/** A loss whose ℓ′(prox) is made of straight pieces; those of no length are left out. */
export function piecewiseLoss(described: Described, all: (V: number) => readonly Piece[]): ConvexLoss {
  let [at, current] = [NaN, [] as readonly Piece[]];
  const pieces = (V: number): readonly Piece[] => {
    if (V === at) return current;
    at = V;
    current = withLength(all(V));
    return current;
  };
  return {
    ...described,
    pieces,
    proximal(x, V, out) {
      const { anchor, slope, curvature } = pieces(V).find(({ end }) => x <= end)!;
      out.slope = slope + curvature * (x - anchor);
      out.z = x - V * out.slope;
      out.curvature = curvature;
    },
    breakpoints: (V) =>
      pieces(V)
        .slice(0, -1)
        .map(({ end }) => end),
    features: () => [],
    strip: Infinity,
  };
}

/** The pieces that have a length, in an array of their own only where not all have. */
function withLength(pieces: readonly Piece[]): readonly Piece[] {
  let start = -Infinity;
  const isLong = ({ end }: Piece): boolean => {
    const before = start;
    start = Math.max(start, end);
    return end > before;
  };
  if (pieces.every(isLong)) return pieces;
  start = -Infinity;
  return pieces.filter(isLong);
}

function straight(end: number, anchor: number, slope: number, curvature: number): Piece {
  return { end, anchor, slope, curvature };
}

/** ½x² on residuals. */
export const squareLoss: ConvexLoss = piecewiseLoss(
  { name: "square", kind: "residual", value: (x) => 0.5 * x * x, slopeAtZero: 0, curvatureBound: 1 },
  (V) => [straight(Infinity, 0, 0, 1 / (1 + V))],
);

/** ½x² for |x| ≤ δ, δ|x| − ½δ² beyond, on residuals. */
export function huberLoss(delta: number): ConvexLoss {
  const value = (x: number) => (Math.abs(x) <= delta ? 0.5 * x * x : delta * (Math.abs(x) - 0.5 * delta));
  const described = { name: "huber", value, slopeAtZero: 0, curvatureBound: 1, boundedSlope: true };
  return piecewiseLoss({ kind: "residual", ...described }, (V) => {
    const bound = delta * (1 + V);
    return [
      straight(-bound, -bound, -delta, 0),
      straight(bound, 0, 0, 1 / (1 + V)),
      straight(Infinity, bound, delta, 0),
    ];
  });
}

/** τ x₊ + (1 − τ)(−x)₊ on residuals: its minimum is the τ-quantile of the label. */
export function quantileLoss(level: number, name = "quantile", scale = 1): ConvexLoss {
  const [up, down] = [scale * level, scale * (1 - level)];
  const value = (x: number) => (x > 0 ? up * x : -down * x);
  const described = { name, value, slopeAtZero: 0, curvatureBound: Infinity, boundedSlope: true };
  return piecewiseLoss({ kind: "residual", ...described }, (V) => [
    straight(-down * V, -down * V, -down, 0),
    straight(up * V, 0, 0, 1 / V),
    straight(Infinity, up * V, up, 0),
  ]);
}

/** |x| on residuals. */
export const absoluteLoss: ConvexLoss = quantileLoss(0.5, "absolute", 2);

/** (1 − x)₊ on margins. */
export const hingeLoss: ConvexLoss = piecewiseLoss(
  { name: "hinge", kind: "margin", value: (x) => Math.max(0, 1 - x), slopeAtZero: -1, curvatureBound: Infinity },
  (V) => [straight(1 - V, 1 - V, -1, 0), straight(1, 1, 0, 1 / V), straight(Infinity, 1, 0, 0)],
);

/** ½(1 − x)₊² on margins. */
export const squaredHingeLoss: ConvexLoss = piecewiseLoss(
  {
    ...{ name: "squaredHinge", kind: "margin", slopeAtZero: -1, curvatureBound: 1 },
    value: (x) => 0.5 * Math.max(0, 1 - x) ** 2,
  },
  (V) => [straight(1, 1, 0, 1 / (1 + V)), straight(Infinity, 1, 0, 0)],
);

/** log(1 + e^{−x}) on margins. */
export const logisticLoss: ConvexLoss = {
  name: "logistic",
  kind: "margin",
  value: (x) => Math.max(0, -x) + Math.log1p(Math.exp(-Math.abs(x))),
  proximal: logisticProximal,
  breakpoints: () => [],
  // Upper and lower end of the nearly linear stretch of the proximal map.
  features(V) {
    const z = Math.log1p(V);
    const low = V / (1 + Math.exp(z));
    return [
      { at: z - low, width: Math.PI },
      { at: -z - (V - low), width: Math.PI },
    ];
  },
  slopeAtZero: -0.5,
  curvatureBound: 0.25,
  strip: Math.PI,
};

const MOST_STEPS = 40;

/**
 * z = x + V/(1 + e^z). By the symmetry z → −z, x → −(x + V) the root is taken non-negative; there F(w) = w − X − V/(1 + e^w)
 * is increasing and concave, so Newton's iteration, here with Halley's correction, converges from any start w ≥ 0
 * (convexLosses §4). The start is the continuation of the last point in `out`, a neighbour where nodes are in order.
 */
function logisticProximal(x: number, V: number, out: ProximalPoint): void {
  const mirrored = x < -0.5 * V;
  const X = mirrored ? -(x + V) : x;
  const guess = out.z + (x - out.z - V * out.slope) * (1 - V * out.curvature);
  let w = Math.max(0, X, mirrored ? -guess : guess);
  if (!(w < X + V)) w = Math.max(0, X);
  let p = 0;
  for (let step = 0; step < MOST_STEPS; step++) {
    const e = Math.exp(-w);
    p = e / (1 + e);
    const q = V * p * (1 - p);
    const newton = (X + V * p - w) / (1 + q);
    const change = newton / (1 - (0.5 * newton * q * (1 - 2 * p)) / (1 + q));
    const next = Math.max(0, X, w + change);
    const moved = next - w;
    w = next;
    if (Math.abs(moved) < 1e-5) {
      // Cubic convergence: w has its last digits, and e^{−w} follows by its series.
      const last = e * (1 - moved * (1 - 0.5 * moved * (1 - moved / 3)));
      p = last / (1 + last);
      break;
    }
  }
  const curvature = p * (1 - p);
  out.z = mirrored ? -w : w;
  out.slope = mirrored ? p - 1 : -p;
  out.curvature = curvature / (1 + V * curvature);
}
