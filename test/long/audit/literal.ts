import { Column, Extended, extended, ONE, ZERO } from "./extended.ts";
import { gaussianGrid } from "./grid.ts";
import { leastSquares, product, quotient, table, transpose } from "./matrices.ts";
import type { AuditFunction, Moments } from "./moments.ts";
import { type Averages, literalTraces, pairsOf, symmetric } from "./traces.ts";

/** A spiked model in the numbers of theory §3 and §4. */
export interface AuditCase {
  readonly student: AuditFunction;
  readonly target: AuditFunction;
  readonly spikeStrength: number;
  readonly alignment: number;
  readonly labelNoise: number;
  readonly readoutValues: readonly number[];
  readonly readoutFractions: readonly number[];
  readonly bulkVariance: readonly number[];
  readonly sampleRatio: number;
  readonly widthRatio: number;
  readonly ridge: number;
  /** By how much the strength of the spike-direction channels is above c: s₁²/β of a small rate (theory §6); default 0. */
  readonly extraStrength?: number;
  /** k of channels κ^k (theory §6); default none. */
  readonly powers?: readonly number[];
}

export interface AuditValues {
  readonly testError: number;
  readonly trainError: number;
  readonly objective: number;
  readonly V1: number[][];
  readonly V2: number[];
  readonly Q1: number[][];
  readonly Q2: number[];
  readonly psi: number[];
  /** mean(κ) at a few places. */
  readonly along: number[];
  /** Bounds of theory §5. */
  readonly lower: number;
  readonly upper: number;
}

export const PLACES = [-1.5, -0.5, 0.1, 1, 2];

/** Functions of κ on a grid. */
interface Features {
  readonly kappa: readonly Extended[];
  readonly weights: Column;
  readonly mean: readonly Column[];
  readonly mu1: readonly Column[];
  readonly mu2: readonly Column[];
  readonly target: { readonly mean: Column; readonly first: Column; readonly residual: Column };
}

/** The moments at κ of every group. */
function momentsAt(model: AuditCase, kappa: Extended): Moments[] {
  return model.readoutValues.map((u, k) => {
    const spike = extended(model.spikeStrength).times(extended(u));
    return model.student.moments(spike.times(kappa), extended(model.bulkVariance[k]!).root());
  });
}

const visible = (value: Extended): Extended => (Math.abs(value.hi) < 1e-28 ? ZERO : value);

function tabulate(model: AuditCase, refinement: number): Features {
  const gamma = extended(model.alignment);
  const rho = ONE.minus(gamma.squared()).root();
  const spikes = model.readoutValues.map(
    (u, k) => Math.abs(u * model.spikeStrength) / Math.sqrt(model.bulkVariance[k]!),
  );
  const slope = rho.hi > 0 ? Math.abs(gamma.hi) / rho.hi : 0;
  const waves = model.student.formula === "sin" ? Math.max(...spikes) : 0;
  const { kappa, weights } = gaussianGrid([...spikes, slope], waves, refinement);
  const groups = kappa.map((x) => momentsAt(model, x));
  const labels = kappa.map((x) => model.target.moments(gamma.times(x), rho));
  const column = (f: (i: number) => Extended) => Column.from(kappa.map((_, i) => f(i)));
  return {
    kappa,
    weights,
    // What rounding leaves of a mean that vanishes is no channel.
    mean: model.bulkVariance.map((_, k) => column((i) => visible(groups[i]![k]!.mean))),
    mu1: model.bulkVariance.map((c, k) => column((i) => groups[i]![k]!.first.over(extended(c).root()))),
    mu2: model.bulkVariance.map((_, k) => column((i) => groups[i]![k]!.residual)),
    target: {
      mean: column((i) => labels[i]!.mean),
      first: column((i) => labels[i]!.first),
      residual: column((i) => labels[i]!.residual.plus(extended(model.labelNoise))),
    },
  };
}

/**
 * Theory §3 to §5 as they are written, in extended precision on a fine grid: the fixed point by Newton's method with a
 * numerical Jacobian from a start, least squares by Gram and Schmidt, the norms by solving their linear equations.
 *
 * @param start solution to improve
 * @param refinement of the grid
 */
export function literal(model: AuditCase, start: { V1: number[][]; V2: number[] }, refinement = 1): AuditValues {
  const features = tabulate(model, refinement);
  const { kappa, weights, mu1, mu2, target } = features;
  const [pi, c] = [model.readoutFractions.map(extended), model.bulkVariance.map(extended)];
  const [alpha, beta, lambda] = [model.sampleRatio, model.widthRatio, model.ridge].map(extended) as [
    Extended,
    Extended,
    Extended,
  ];
  const K = pi.length;
  const N = kappa.length;
  const pairs = pairsOf(K);
  const numbersOf = { alpha, beta, lambda, pi, c };
  const { basis, units, g, V1, damping, L, M, averages, slopes } = literalTraces(numbersOf, weights, mu1, mu2, start);

  // Normal equations as least squares: the channels see h, ψ sees h_ζ; the stiffness is diagonal.
  const powers = (model.powers ?? []).map((power) => Column.from(kappa.map((x) => raised(x, power))));
  const channels = [...features.mean, ...mu1.map((f) => f.map((value, i) => value.times(kappa[i]!))), ...powers];
  const strength = c.map((value) => value.plus(extended(model.extraStrength ?? 0)));
  const stiffnessOf = (F: readonly Extended[]) => g.map((value, k) => ONE.over(alpha.times(F[k]!).times(value)));
  const [ofTheta, ofPsi] = [stiffnessOf(strength), stiffnessOf(c)];
  const fit = (functions: readonly Column[], response: Column, own: readonly Extended[], w: Column): Extended[] => {
    const root = w.times(weights).map((value) => value.root());
    const rows = own.length;
    const extend = (column: Column, extra: (row: number) => Extended) =>
      Column.from(Array.from({ length: N + rows }, (_, i) => (i < N ? root.at(i).times(column.at(i)) : extra(i - N))));
    const columns = functions.map((column, j) => extend(column, (row) => (row === j ? own[j]!.root() : ZERO)));
    return leastSquares(
      columns,
      extend(response, () => ZERO),
    );
  };
  const none = functionsOf(K, () => ZERO);
  const t = fit(channels, target.mean, [...none, ...ofTheta, ...powers.map(() => ZERO)], damping);
  const psi = fit(mu1, target.first, ofPsi, damping);
  const theta = t.slice(K, 2 * K);
  const sum = (functions: readonly Column[], coefficients: readonly Extended[]): Column => {
    const total = new Column(N);
    coefficients.forEach((value, j) => total.add(value, functions[j]!));
    return total;
  };
  /** E_ζ of the squared residual of a readout given κ. */
  const missed = (functions: readonly Column[], t: readonly Extended[], psi: readonly Extended[]): Column => {
    const [mean, along] = [sum(functions, t), sum(mu1, psi)];
    return target.residual.map((value, i) =>
      value.plus(target.mean.at(i).minus(mean.at(i)).squared()).plus(target.first.at(i).minus(along.at(i)).squared()),
    );
  };
  const own = missed(channels, t, psi);
  const along = sum(mu1, psi).map((value) => value.squared());

  /** (Q1, Q2) as the linear response to R; Q̂1 and Q̂2 have the coefficients' own parts ψ̂ψ̂ᵀ/β and θ²/(βFg²). */
  const square = damping.times(damping);
  const psiHat = mu1.map((f) => alpha.times(f.times(target.first).times(weights).dot(damping)));
  const respond = ({ matrix, diagonal }: Averages, withSource: boolean): Extended[] => {
    const source = (value: Extended, extra: Extended) => (withSource ? value.plus(extra.over(beta)) : value);
    const hat1 = table(K, K, (k, l) => source(matrix[k]![l]!, psiHat[k]!.times(psiHat[l]!)));
    const hat2 = diagonal.map((value, k) =>
      source(value, theta[k]!.squared().over(strength[k]!.times(g[k]!.squared()))),
    );
    const base = product(product(L, hat1), transpose(L));
    const slope = g.map((value, k) => value.squared().over(pi[k]!));
    const system = table(K, K, (k, l) =>
      (k === l ? ONE : ZERO).minus(slope[k]!.times(c[k]!).times(M[k]![l]!.squared()).times(c[l]!).times(beta)),
    );
    const right = slope.map((value, k) => [value.times(hat2[k]!.plus(c[k]!.times(base[k]![k]!)))]);
    const dg = quotient(system, right).map(([value]) => value!);
    const inner = table(K, K, (k, l) => c[k]!.times(dg[k]!).times(L[k]![l]!));
    const first = product(transpose(L), inner);
    const second = product(product(V1, hat1), V1);
    return [...pairs.map(([k, l]) => first[k]![l]!.plus(second[k]![l]!.times(beta))), ...dg];
  };
  // Q1 contains ψψᵀ, so the bias does not.
  const bias = own.map((value, i) => value.minus(along.at(i)));
  const zero = respond(averages(bias.times(square)), true);
  const responses = slopes.map((source, b) =>
    respond(source, false).map((value, a) => value.times(units[b]!).over(units[a]!)),
  );
  const system = table(units.length, units.length, (a, b) => (a === b ? ONE : ZERO).minus(responses[b]![a]!));
  const Q = quotient(
    system,
    zero.map((value, a) => [value.over(units[a]!)]),
  ).map(([value], a) => value!.times(units[a]!));
  const risk = bias.map((value) => value);
  Q.forEach((value, a) => risk.add(value, basis[a]!));

  const testError = risk.dot(weights);
  const penalty = ofTheta.reduce(
    (total, value, k) => total.plus(value.times(theta[k]!.squared())).plus(ofPsi[k]!.times(psi[k]!.squared())),
    ZERO,
  );
  const numbers = (values: readonly Extended[]) => values.map((value) => value.hi);
  const all = new Column(N).map(() => ONE);
  const [lowest, unpenalised] = [
    fit(channels, target.mean, [], all),
    fit([...features.mean, ...powers], target.mean, [], all),
  ];
  return {
    testError: testError.hi,
    trainError: risk.times(square).dot(weights).hi,
    objective: own.times(damping).dot(weights).plus(penalty).hi,
    V1: V1.map(numbers),
    V2: numbers(g),
    Q1: symmetric(Q.slice(0, pairs.length), K).map(numbers),
    Q2: numbers(Q.slice(pairs.length)),
    psi: numbers(psi),
    along: PLACES.map((place) => {
      const x = extended(place);
      const own = powers.reduce((total, _, i) => total.plus(t[2 * K + i]!.times(raised(x, model.powers![i]!))), ZERO);
      return momentsAt(model, x).reduce((total, { mean, first }, k) => {
        const spike = theta[k]!.times(x).times(first).over(c[k]!.root());
        return total.plus(t[k]!.times(mean)).plus(spike);
      }, own).hi;
    }),
    lower: missed(channels, lowest, fit(mu1, target.first, [], all)).dot(weights).hi,
    upper: missed([...features.mean, ...powers], unpenalised, none).dot(weights).hi,
  };
}

const raised = (x: Extended, power: number): Extended =>
  Array.from({ length: power }).reduce<Extended>((product) => product.times(x), ONE);

const functionsOf = (K: number, f: (k: number) => Extended): Extended[] => Array.from({ length: K }, (_, k) => f(k));
