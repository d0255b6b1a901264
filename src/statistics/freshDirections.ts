/** Two predictors with independent spike directions of the same alignment (statistics §4): K = 1, given t they share t alone. */
import type { Activation } from "../activation/activation.ts";
import { adaptGaussianRule } from "../numerics/gaussianAverage.ts";
import { gaussHermite } from "../numerics/gaussHermite.ts";
import { BODY, gaussianDensity, type Integrand } from "../numerics/gaussianRule.ts";
import { Rows } from "../problem/rows.ts";
import { susceptibilityAt } from "../ridge/equations.ts";
import type { SolvedState } from "../ridge/gridSolver.ts";

/** Errors of predictors with fresh spikes: with fresh samples, and with the same. */
export interface FreshDirections {
  readonly freshSamples: number;
  readonly sameSamples: number;
  /** Absolute, of both. */
  readonly errorEstimate: number;
}

/** E[y | t] with the variance of y given t. */
export interface LabelGiven {
  readonly mean: Activation;
  readonly noise: (t: number) => number;
}

const TOLERANCE = 1e-11;
/** Steps in units of ρ at which averages given t are taken, until two agree. */
const FIRST_STEP = 0.25;
const MOST_HALVINGS = 6;
const MOST_NODES = 8000;
/** Nodes of the rule for a ρ beside which everything is smooth. */
const FEW_NODES = [4, 8];

/** M, μ1, wμ1, wμ1M, wμ1² at a κ, w = 1/(1 + V). */
type Functions = (kappa: number) => Float64Array;
const COUNT = 5;

/** Writes E[M], E[μ1], E[μ1 e], E[wμ1], E[wμ1M], E[wμ1²], E[wμ1² e] given t, with e = (t − γκ)/ρ = ρt − γz. */
type Conditional = (t: number, out: Float64Array) => void;

/** @throws QuadratureError if an average is not resolved */
export function freshDirections(state: SolvedState, alignment: number, label: LabelGiven): FreshDirections {
  const rho = Math.sqrt(Math.max(0, 1 - alignment * alignment));
  const functions = functionsOf(state);
  const results: FreshDirections[] = [];
  for (const conditional of conditionals(functions, alignment, rho)) {
    const result = outer(state, conditional, label);
    const last = results.at(-1);
    results.push(result);
    if (!last) continue;
    const moved = Math.hypot(result.freshSamples - last.freshSamples, result.sameSamples - last.sameSamples);
    if (moved <= TOLERANCE * result.sameSamples) return { ...result, errorEstimate: result.errorEstimate + moved };
  }
  const [last, before] = [results.at(-1)!, results.at(-2)!];
  const moved = Math.hypot(last.freshSamples - before.freshSamples, last.sameSamples - before.sameSamples);
  return { ...last, errorEstimate: last.errorEstimate + moved };
}

function functionsOf({ table, coefficients, traces, basis, point }: SolvedState): Functions {
  const rows = new Rows(table.problem);
  const known = new Map<number, Float64Array>();
  return (kappa) => {
    let at = known.get(kappa);
    if (at) return at;
    const { groups, values } = rows.row(kappa);
    const M = coefficients.reduce((sum, t, c) => sum + t * values[c]!, 0);
    const { mu1 } = groups[0]!;
    const w = 1 / (point.delta + point.susceptibility * susceptibilityAt(groups, traces, basis));
    known.set(kappa, (at = Float64Array.of(M, mu1, w * mu1, w * mu1 * M, w * mu1 * mu1)));
    return at;
  };
}

/** Ever finer averages given t, κ ~ N(γt, ρ²). */
function* conditionals(functions: Functions, gamma: number, rho: number): Generator<Conditional> {
  if ((2 * BODY) / (FIRST_STEP * rho) > MOST_NODES) {
    for (const nodes of FEW_NODES) {
      const rule = gaussHermite(nodes);
      yield (t, out) => {
        out.fill(0);
        rule.nodes.forEach((z, i) => add(out, functions(gamma * t + rho * z), rule.weights[i]!, rho * t - gamma * z));
      };
    }
    return;
  }
  for (let halving = 0; halving <= MOST_HALVINGS; halving++) {
    const step = (FIRST_STEP * rho) / 2 ** halving;
    if (halving > 1 && (2 * BODY) / step > MOST_NODES) return;
    yield (t, out) => {
      out.fill(0);
      const centre = gamma * t;
      const least = Math.max(Math.ceil((centre - BODY * rho) / step), Math.ceil(-BODY / step));
      const most = Math.min(Math.floor((centre + BODY * rho) / step), Math.floor(BODY / step));
      for (let i = least; i <= most; i++) {
        const z = (i * step - centre) / rho;
        add(out, functions(i * step), (step / rho) * gaussianDensity(z), rho * t - gamma * z);
      }
    };
  }
}

function add(out: Float64Array, f: Float64Array, weight: number, e: number): void {
  out[0]! += weight * f[0]!;
  out[1]! += weight * f[1]!;
  out[2]! += weight * f[1]! * e;
  out[3]! += weight * f[2]!;
  out[4]! += weight * f[3]!;
  out[5]! += weight * f[4]!;
  out[6]! += weight * f[4]! * e;
}

/**
 * E(ȳ − E[f̃ | t])² + E n, f̃ = M + μ1ψe; and with the same samples more by Qn E(E[μ1 | t]²),
 *   Qn = αV1² (E(E[μ1(ȳ − f̃)/(1 + V) | t]²) + E(n E[μ1/(1 + V) | t]²))/(1 − αV1² E(E[μ1²/(1 + V) | t]²)).
 */
function outer(state: SolvedState, conditional: Conditional, { mean, noise }: LabelGiven): FreshDirections {
  const { coefficients, point, traces, table } = state;
  const psi = table.channels.reduce(
    (sum, { kind }, c) => (kind === "targetDirection" ? sum + coefficients[c]! : sum),
    0,
  );
  const averages = new Float64Array(COUNT + 2);
  const dimension = 6;
  const integrand: Integrand = (t, out) => {
    conditional(t, averages);
    const [M, mu, muE, w, wM, ww, wwE] = averages as unknown as readonly [number, ...number[]];
    const [y, n] = [mean.value(t), noise(t)];
    out[0] = (y - M - psi * muE!) ** 2;
    out[1] = n;
    out[2] = mu! ** 2;
    out[3] = (y * w! - wM! - psi * wwE!) ** 2;
    out[4] = n * w! ** 2;
    out[5] = ww! ** 2;
  };
  const rule = adaptGaussianRule(integrand, {
    ...{ dimension, breakpoints: [...mean.kinks, ...mean.jumps], tolerance: 1e-12, name: "prediction given t" },
  });
  const average = (c: number) =>
    rule.weights.reduce((sum, weight, i) => sum + weight * rule.values[dimension * i + c]!, 0);
  const scale = point.susceptibility * point.samples * traces[0]! ** 2;
  const Qn = (scale * (average(3) + average(4))) / (1 - scale * average(5));
  const freshSamples = average(0) + average(1);
  const sameSamples = freshSamples + Qn * average(2);
  return { freshSamples, sameSamples, errorEstimate: rule.error * sameSamples };
}
