const MOST_STEPS = 200;
/** Beyond this distance an infinite end is not followed. */
const FARTHEST = 1e100;

/**
 * Roots of many functions at once, each within its own interval, by Chandrupatla's method (inverse quadratic interpolation
 * where it is safe, else bisection).
 *
 * @param f values of every function, each at its own place; the array may be used again
 * @param fail makes the error for a function without a change of sign
 * @returns `jumped` if one changes its sign by a jump, at which its root then is
 */
export function solveRoots(
  f: (u: Float64Array) => Float64Array,
  low: Float64Array,
  high: Float64Array,
  fail: (reason: string) => Error,
): { roots: Float64Array; jumped: boolean } {
  const n = low.length;
  const [a, fa, b, fb] = bracket(f, low, high, fail);
  const [c, fc, t] = [a.slice(), fa.slice(), new Float64Array(n).fill(0.5)];
  const open = new Uint8Array(n).fill(1);
  const scale = fa.map((value, i) => finiteSize(value) + finiteSize(fb[i]!));
  const roots = new Float64Array(n);
  let jumped = false;
  const close = (i: number): void => {
    open[i] = 0;
    roots[i] = Math.abs(fa[i]!) < Math.abs(fb[i]!) ? a[i]! : b[i]!;
    if (Math.min(Math.abs(fa[i]!), Math.abs(fb[i]!)) > 1e-7 * scale[i]!) jumped = true;
  };
  const at = new Float64Array(n);
  for (let step = 0; step < MOST_STEPS; step++) {
    let unfinished = false;
    for (let i = 0; i < n; i++) {
      if (!open[i]) continue;
      const best = Math.abs(fa[i]!) < Math.abs(fb[i]!) ? a[i]! : b[i]!;
      const width = Math.abs(b[i]! - a[i]!);
      const least = (2 * Number.EPSILON * Math.abs(best) + Number.MIN_VALUE) / width;
      if (least >= 0.5 || fa[i] === 0 || fb[i] === 0) close(i);
      else {
        unfinished = true;
        t[i] = Math.min(1 - least, Math.max(least, t[i]!));
      }
    }
    if (!unfinished) break;
    for (let i = 0; i < n; i++) at[i] = open[i] ? a[i]! + t[i]! * (b[i]! - a[i]!) : roots[i]!;
    const values = f(at);
    for (let i = 0; i < n; i++) if (open[i]) update(i, at[i]!, values[i]!);
  }
  for (let i = 0; i < n; i++) if (open[i]) close(i);
  return { roots, jumped };

  /** The new place becomes a; b stays on the other side; c is what was left. */
  function update(i: number, place: number, value: number): void {
    if (Number.isNaN(value)) throw fail(`the function is undefined at ${place}`);
    if (value > 0 === fa[i]! > 0) {
      [c[i], fc[i]] = [a[i]!, fa[i]!];
    } else {
      [c[i], fc[i]] = [b[i]!, fb[i]!];
      [b[i], fb[i]] = [a[i]!, fa[i]!];
    }
    [a[i], fa[i]] = [place, value];
    const xi = (a[i] - b[i]!) / (c[i] - b[i]!);
    const phi = (fa[i] - fb[i]!) / (fc[i] - fb[i]!);
    const safe = phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi;
    const first = (fa[i] / (fb[i]! - fa[i])) * (fc[i] / (fb[i]! - fc[i]));
    const second = ((c[i] - a[i]) / (b[i]! - a[i])) * (fa[i] / (fc[i] - fa[i])) * (fb[i]! / (fc[i] - fb[i]!));
    const quadratic = first + second;
    t[i] = safe && Number.isFinite(quadratic) ? quadratic : 0.5;
  }
}

const finiteSize = (value: number): number => (Number.isFinite(value) ? Math.abs(value) : 0);

type Bracket = [a: Float64Array, fa: Float64Array, b: Float64Array, fb: Float64Array];

/** Infinite ends are sought outward until the sign changes. */
function bracket(
  f: (u: Float64Array) => Float64Array,
  low: Float64Array,
  high: Float64Array,
  fail: (reason: string) => Error,
): Bracket {
  const n = low.length;
  let reach = 1;
  const a = new Float64Array(n);
  const b = new Float64Array(n);
  const place = (): void => {
    for (let i = 0; i < n; i++) {
      const [from, to] = [low[i]!, high[i]!];
      a[i] = from > -Infinity ? from : (to < Infinity ? to : 0) - reach;
      b[i] = to < Infinity ? to : (from > -Infinity ? from : 0) + reach;
    }
  };
  for (;;) {
    place();
    const fa = f(a).slice(0, n);
    const fb = f(b).slice(0, n);
    const undecided = fa.findIndex((value, i) => !(value === 0 || fb[i] === 0 || value > 0 !== fb[i]! > 0));
    const invalid = fa.findIndex((value, i) => Number.isNaN(value) || Number.isNaN(fb[i]!));
    if (invalid >= 0) throw fail(`the function is undefined at an end of [${a[invalid]!}, ${b[invalid]!}]`);
    if (undecided < 0) return [a, fa, b, fb];
    const infinite = low[undecided] === -Infinity || high[undecided] === Infinity;
    if (!infinite || reach > FARTHEST) {
      const signs = `${fa[undecided]!} at ${a[undecided]!} and ${fb[undecided]!} at ${b[undecided]!}`;
      throw fail(`no root: the function does not change its sign, being ${signs}`);
    }
    reach *= reach < 1e6 ? 4 : 1e6;
  }
}
