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

/**
 * A convex function of one variable with its proximal operator: of the margin x = y f, or of the residual x = y − f
 * (convexLosses §1–§2).
 */
export interface ConvexLoss {
  readonly name: string;
  readonly kind: "margin" | "residual";
  /** δ of Huber's loss. */
  readonly threshold?: number;
  /** The loss whose limit λ → 0⁺ this is, in units in which λ = 1. */
  readonly limitOf?: ConvexLoss;
  value(x: number): number;
  /** Fills `out` for V > 0; V = 0 is the identity. What `out` holds may be used as a neighbour to start from. */
  proximal(x: number, V: number, out: ProximalPoint): void;
  /** Where ℓ or the proximal map at V has a kink, as values of x. */
  breakpoints(V: number): number[];
  /** Smooth but narrow places of the proximal map at V. */
  features(V: number): Feature[];
  /** ℓ′(0): z has the sign of x − Vℓ′(0). */
  readonly slopeAtZero: number;
  /** sup ℓ″, Infinity where ℓ has a kink. */
  readonly curvatureBound: number;
  /** Distance from the real axis in x to the nearest singularity of the proximal map; Infinity for piecewise parabolas. */
  readonly strip: number;
}

/** ½x² on residuals. */
export const squareLoss: ConvexLoss = {
  name: "square",
  kind: "residual",
  value: (x) => 0.5 * x * x,
  proximal(x, V, out) {
    out.z = x / (1 + V);
    out.slope = out.z;
    out.curvature = 1 / (1 + V);
  },
  breakpoints: () => [],
  features: () => [],
  slopeAtZero: 0,
  curvatureBound: 1,
  strip: Infinity,
};

/** ½x² for |x| ≤ δ, δ|x| − ½δ² beyond, on residuals. */
export function huberLoss(delta: number): ConvexLoss {
  return {
    name: "huber",
    kind: "residual",
    threshold: delta,
    value: (x) => (Math.abs(x) <= delta ? 0.5 * x * x : delta * (Math.abs(x) - 0.5 * delta)),
    proximal(x, V, out) {
      const inside = Math.abs(x) <= delta * (1 + V);
      out.slope = inside ? x / (1 + V) : Math.sign(x) * delta;
      out.z = inside ? out.slope : x - V * out.slope;
      out.curvature = inside ? 1 / (1 + V) : 0;
    },
    breakpoints: (V) => [-delta * (1 + V), delta * (1 + V)],
    features: () => [],
    slopeAtZero: 0,
    curvatureBound: 1,
    strip: Infinity,
  };
}

/** (1 − x)₊ on margins. */
export const hingeLoss: ConvexLoss = {
  name: "hinge",
  kind: "margin",
  value: (x) => Math.max(0, 1 - x),
  proximal(x, V, out) {
    if (x >= 1) {
      out.z = x;
      out.slope = out.curvature = 0;
    } else if (x <= 1 - V) {
      out.z = x + V;
      out.slope = -1;
      out.curvature = 0;
    } else {
      out.z = 1;
      out.slope = (x - 1) / V;
      out.curvature = 1 / V;
    }
  },
  breakpoints: (V) => [1 - V, 1],
  features: () => [],
  slopeAtZero: -1,
  curvatureBound: Infinity,
  strip: Infinity,
};

/** ½(1 − x)₊² on margins. */
export const squaredHingeLoss: ConvexLoss = {
  name: "squaredHinge",
  kind: "margin",
  value: (x) => 0.5 * Math.max(0, 1 - x) ** 2,
  proximal(x, V, out) {
    const inside = x < 1;
    out.slope = inside ? (x - 1) / (1 + V) : 0;
    out.z = inside ? 1 + out.slope : x;
    out.curvature = inside ? 1 / (1 + V) : 0;
  },
  breakpoints: () => [1],
  features: () => [],
  slopeAtZero: -1,
  curvatureBound: 1,
  strip: Infinity,
};

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
