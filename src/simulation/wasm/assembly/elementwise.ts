// Element-wise functions, two lanes at a time, within a few units in the last place of the exact value.
// Every exported map reads n doubles at `from` and writes n at `to` (which may be the same); an odd last element is done alone.

const LOG2E: f64 = 1.4426950408889634;
const LN2_HIGH: f64 = 6.93147180369123816490e-1;
const LN2_LOW: f64 = 1.90821492927058770002e-10;

// @ts-ignore: decorator
@inline
function add(a: v128, b: v128): v128 {
  return f64x2.add(a, b);
}
// @ts-ignore: decorator
@inline
function sub(a: v128, b: v128): v128 {
  return f64x2.sub(a, b);
}
// @ts-ignore: decorator
@inline
function mul(a: v128, b: v128): v128 {
  return f64x2.mul(a, b);
}
// @ts-ignore: decorator
@inline
function c(x: f64): v128 {
  return f64x2.splat(x);
}
// @ts-ignore: decorator
@inline
function mulAdd(a: v128, b: v128, constant: f64): v128 {
  return f64x2.add(f64x2.mul(a, b), f64x2.splat(constant));
}
// @ts-ignore: decorator
@inline
function withSignOf(magnitude: v128, x: v128): v128 {
  return v128.bitselect(x, magnitude, c(-0.0));
}

/** 2^k for integral k in [−1022, 1023] held as doubles. */
// @ts-ignore: decorator
@inline
function powerOfTwo(k: v128): v128 {
  const integer = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  return i64x2.shl(i64x2.add(integer, i64x2.splat(1023)), 52);
}

/** e^r − 1 for |r| ≤ ln 2 / 2: r + r² E(r), E minimax of degree 10, error 1e-18. */
// @ts-ignore: decorator
@inline
function expm1Reduced(r: v128): v128 {
  const r2 = mul(r, r);
  const r4 = mul(r2, r2);
  const low = add(mulAdd(r, c(0.1666666666666667), 0.5), mul(r2, mulAdd(r, c(0.008333333333326141), 0.04166666666666667)));
  const middle = add(mulAdd(r, c(0.00019841269874800493), 0.0013888888888883752), mul(r2, mulAdd(r, c(2.7557255425746435e-6), 2.4801587325533363e-5)));
  const high = add(mulAdd(r, c(2.510520637395701e-8), 2.7557273661348637e-7), mul(r2, c(2.0914679376583935e-9)));
  return add(r, mul(r2, add(low, mul(r4, add(middle, mul(r4, high))))));
}

// @ts-ignore: decorator
@inline
function reduce(x: v128, k: v128): v128 {
  return sub(sub(x, mul(k, c(LN2_HIGH))), mul(k, c(LN2_LOW)));
}

// @ts-ignore: decorator
@inline
function expLanes(x: v128): v128 {
  const bounded = f64x2.max(f64x2.min(x, c(720)), c(-760));
  const k = f64x2.nearest(mul(bounded, c(LOG2E)));
  const p = add(expm1Reduced(reduce(bounded, k)), c(1));
  const half = f64x2.floor(mul(k, c(0.5)));
  return mul(mul(p, powerOfTwo(half)), powerOfTwo(sub(k, half)));
}

/** e^x − 1 for 0 ≤ x ≤ 700. */
// @ts-ignore: decorator
@inline
function expm1Positive(x: v128): v128 {
  const k = f64x2.nearest(mul(x, c(LOG2E)));
  const scale = powerOfTwo(k);
  return add(mul(scale, expm1Reduced(reduce(x, k))), sub(scale, c(1)));
}

// @ts-ignore: decorator
@inline
function tanhLanes(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), c(20));
  const t = expm1Positive(add(magnitude, magnitude));
  return withSignOf(f64x2.div(t, add(t, c(2))), x);
}

// @ts-ignore: decorator
@inline
function sigmoidLanes(x: v128): v128 {
  return f64x2.div(c(1), add(c(1), expLanes(f64x2.neg(x))));
}

/** log(1 + z) for 0 ≤ z ≤ 1: s L(s²), s = z/(2+z), L minimax of degree 10. */
// @ts-ignore: decorator
@inline
function log1pUnit(z: v128): v128 {
  const s = f64x2.div(z, add(z, c(2)));
  const v = mul(s, s);
  let p = mulAdd(v, c(0.17044163562781398), 0.0832450651186082);
  p = mulAdd(v, p, 0.12110168728069218);
  p = mulAdd(v, p, 0.13300374032674625);
  p = mulAdd(v, p, 0.1538661404230401);
  p = mulAdd(v, p, 0.18181740832504806);
  p = mulAdd(v, p, 0.22222224080747674);
  p = mulAdd(v, p, 0.28571428545454114);
  p = mulAdd(v, p, 0.4000000000018575);
  p = mulAdd(v, p, 0.6666666666666615);
  return mul(s, mulAdd(v, p, 2));
}

// @ts-ignore: decorator
@inline
function softplusLanes(x: v128): v128 {
  return add(f64x2.max(x, c(0)), log1pUnit(expLanes(f64x2.neg(f64x2.abs(x)))));
}

/** erf on [0, 1]: x P(x²). */
// @ts-ignore: decorator
@inline
function erfCentre(x: v128): v128 {
  const u = mul(x, x);
  let p = mulAdd(u, c(5.957176147748911e-11), -1.1372848856791674e-9);
  p = mulAdd(u, p, 1.4659775274047436e-8);
  p = mulAdd(u, p, -1.6350312701054695e-7);
  p = mulAdd(u, p, 1.6461000484121368e-6);
  p = mulAdd(u, p, -1.4925595266831182e-5);
  p = mulAdd(u, p, 0.0001205533111164271);
  p = mulAdd(u, p, -0.000854832698083379);
  p = mulAdd(u, p, 0.0052239776248180145);
  p = mulAdd(u, p, -0.026866170645076792);
  p = mulAdd(u, p, 0.11283791670954879);
  p = mulAdd(u, p, -0.3761263890318375);
  return mul(x, mulAdd(u, p, 1.1283791670955126));
}

/** erfc on [1, 6]: e^(−x²) Q((x−3)/(x+3)). */
// @ts-ignore: decorator
@inline
function erfcTail(x: v128): v128 {
  const t = f64x2.div(sub(x, c(3)), add(x, c(3)));
  let q = mulAdd(t, c(3.381355142042904e-9), 1.2755818949624478e-6);
  q = mulAdd(t, q, 2.0135111426447427e-6);
  q = mulAdd(t, q, -8.00978093907608e-6);
  q = mulAdd(t, q, -1.2845780030775907e-5);
  q = mulAdd(t, q, 6.406279226046039e-5);
  q = mulAdd(t, q, 4.525434558991009e-5);
  q = mulAdd(t, q, -0.0005970624964924544);
  q = mulAdd(t, q, 0.0007077464666941425);
  q = mulAdd(t, q, 0.004269136356961225);
  q = mulAdd(t, q, -0.024392499318915004);
  q = mulAdd(t, q, 0.07166583719747308);
  q = mulAdd(t, q, -0.15011593650077898);
  q = mulAdd(t, q, 0.24560380171233487);
  q = mulAdd(t, q, -0.3262335600430372);
  q = mulAdd(t, q, 0.17900115118138996);
  return mul(expLanes(f64x2.neg(mul(x, x))), q);
}

// @ts-ignore: decorator
@inline
function erfLanes(x: v128): v128 {
  const magnitude = f64x2.min(f64x2.abs(x), c(6));
  const centre = f64x2.lt(magnitude, c(1));
  let value = erfCentre(magnitude);
  if (!i64x2.all_true(centre)) value = v128.bitselect(value, sub(c(1), erfcTail(magnitude)), centre);
  return withSignOf(value, x);
}

/** x Φ(x) = x/2 · (1 + erf(x/√2)), from the complement on the negative side. */
// @ts-ignore: decorator
@inline
function geluLanes(x: v128): v128 {
  const s = mul(x, c(0.7071067811865476));
  const magnitude = f64x2.min(f64x2.abs(s), c(27));
  const centre = f64x2.lt(magnitude, c(1));
  const tail = erfcTail(magnitude);
  const upper = sub(c(2), tail);
  const outer = v128.bitselect(tail, upper, f64x2.lt(s, c(0)));
  const inner = add(c(1), withSignOf(erfCentre(f64x2.min(magnitude, c(1))), s));
  return mul(mul(c(0.5), x), v128.bitselect(inner, outer, centre));
}

const TWO_OVER_PI: f64 = 0.6366197723675814;
const PIO2_1: f64 = 1.57079632673412561417;
const PIO2_2: f64 = 6.07710050630396597660e-11;
const PIO2_3: f64 = 2.02226624879595063154e-21;
const REDUCIBLE: f64 = 1e5;

/** sin(x + quarter·π/2) for |x| ≤ REDUCIBLE; polynomials of fdlibm. */
// @ts-ignore: decorator
@inline
function sinLanes(x: v128, quarter: i64): v128 {
  const k = f64x2.nearest(mul(x, c(TWO_OVER_PI)));
  const r = sub(sub(sub(x, mul(k, c(PIO2_1))), mul(k, c(PIO2_2))), mul(k, c(PIO2_3)));
  const z = mul(r, r);
  let s = mulAdd(z, c(1.58969099521155010221e-10), -2.50507602534068634195e-8);
  s = mulAdd(z, s, 2.75573137070700676789e-6);
  s = mulAdd(z, s, -1.98412698298579493134e-4);
  s = mulAdd(z, s, 8.33333333332248946124e-3);
  s = mulAdd(z, s, -1.66666666666666324348e-1);
  const sine = add(r, mul(mul(r, z), s));
  let t = mulAdd(z, c(-1.13596475577881948265e-11), 2.08757232129817482790e-9);
  t = mulAdd(z, t, -2.75573143513906633035e-7);
  t = mulAdd(z, t, 2.48015872894767294178e-5);
  t = mulAdd(z, t, -1.38888888888741095749e-3);
  t = mulAdd(z, t, 4.16666666666666019037e-2);
  const halfZ = mul(z, c(0.5));
  const w = sub(c(1), halfZ);
  const cosine = add(w, add(sub(sub(c(1), w), halfZ), mul(mul(z, z), t)));
  const quadrant = i64x2.add(i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k)), i64x2.splat(quarter));
  const odd = i64x2.ne(v128.and(quadrant, i64x2.splat(1)), i64x2.splat(0));
  const value = v128.bitselect(cosine, sine, odd);
  return v128.xor(value, i64x2.shl(v128.and(quadrant, i64x2.splat(2)), 62));
}

// @ts-ignore: decorator
@inline
function trigonometric(x: v128, quarter: i64): v128 {
  if (i64x2.all_true(f64x2.le(f64x2.abs(x), c(REDUCIBLE)))) return sinLanes(x, quarter);
  const a = f64x2.extract_lane(x, 0);
  const b = f64x2.extract_lane(x, 1);
  const first = c(quarter == 0 ? Math.sin(a) : Math.cos(a));
  return f64x2.replace_lane(first, 1, quarter == 0 ? Math.sin(b) : Math.cos(b));
}

// @ts-ignore: decorator
@inline
function signLanes(x: v128): v128 {
  const positive = v128.and(f64x2.gt(x, c(0)), c(1));
  const negative = v128.and(f64x2.lt(x, c(0)), c(1));
  return sub(positive, negative);
}

// @ts-ignore: decorator
@inline
function logLanes(x: v128): v128 {
  return f64x2.replace_lane(c(Math.log(f64x2.extract_lane(x, 0))), 1, Math.log(f64x2.extract_lane(x, 1)));
}

const NEGATE: i32 = 0;
const ABSOLUTE: i32 = 1;
const SQUAREROOT: i32 = 2;
const EXP: i32 = 3;
const LOG: i32 = 4;
const TANH: i32 = 5;
const ERF: i32 = 6;
const SIGMOID: i32 = 7;
const SOFTPLUS: i32 = 8;
const GELU: i32 = 9;
const SIN: i32 = 10;
const COS: i32 = 11;
const SIGN: i32 = 12;
const RELU: i32 = 13;

// @ts-ignore: decorator
@inline
function lanes(code: i32, x: v128): v128 {
  if (code == NEGATE) return f64x2.neg(x);
  if (code == ABSOLUTE) return f64x2.abs(x);
  if (code == SQUAREROOT) return f64x2.sqrt(x);
  if (code == EXP) return expLanes(x);
  if (code == LOG) return logLanes(x);
  if (code == TANH) return tanhLanes(x);
  if (code == ERF) return erfLanes(x);
  if (code == SIGMOID) return sigmoidLanes(x);
  if (code == SOFTPLUS) return softplusLanes(x);
  if (code == GELU) return geluLanes(x);
  if (code == SIN) return trigonometric(x, 0);
  if (code == COS) return trigonometric(x, 1);
  if (code == SIGN) return signLanes(x);
  if (code == RELU) return f64x2.max(x, c(0));
  return x;
}

// @ts-ignore: decorator
@inline
function map(code: i32, from: usize, to: usize, n: i32): void {
  const end = from + (<usize>(n & ~1) << 3);
  while (from < end) {
    v128.store(to, lanes(code, v128.load(from)));
    from += 16;
    to += 16;
  }
  if (n & 1) store<f64>(to, f64x2.extract_lane(lanes(code, v128.load_splat<f64>(from)), 0));
}

export function negate(from: usize, to: usize, n: i32): void {
  map(NEGATE, from, to, n);
}
export function absolute(from: usize, to: usize, n: i32): void {
  map(ABSOLUTE, from, to, n);
}
export function squareRoot(from: usize, to: usize, n: i32): void {
  map(SQUAREROOT, from, to, n);
}
export function exp(from: usize, to: usize, n: i32): void {
  map(EXP, from, to, n);
}
export function log(from: usize, to: usize, n: i32): void {
  map(LOG, from, to, n);
}
export function tanh(from: usize, to: usize, n: i32): void {
  map(TANH, from, to, n);
}
export function erf(from: usize, to: usize, n: i32): void {
  map(ERF, from, to, n);
}
export function sigmoid(from: usize, to: usize, n: i32): void {
  map(SIGMOID, from, to, n);
}
export function softplus(from: usize, to: usize, n: i32): void {
  map(SOFTPLUS, from, to, n);
}
export function gelu(from: usize, to: usize, n: i32): void {
  map(GELU, from, to, n);
}
export function sin(from: usize, to: usize, n: i32): void {
  map(SIN, from, to, n);
}
export function cos(from: usize, to: usize, n: i32): void {
  map(COS, from, to, n);
}
export function sign(from: usize, to: usize, n: i32): void {
  map(SIGN, from, to, n);
}
export function relu(from: usize, to: usize, n: i32): void {
  map(RELU, from, to, n);
}

const SUM: i32 = 0;
const DIFFERENCE: i32 = 1;
const PRODUCT: i32 = 2;
const QUOTIENT: i32 = 3;
const LARGER: i32 = 4;

// @ts-ignore: decorator
@inline
function lanes2(code: i32, x: v128, y: v128): v128 {
  if (code == SUM) return f64x2.add(x, y);
  if (code == DIFFERENCE) return f64x2.sub(x, y);
  if (code == PRODUCT) return f64x2.mul(x, y);
  if (code == QUOTIENT) return f64x2.div(x, y);
  if (code == LARGER) return f64x2.max(x, y);
  return f64x2.min(x, y);
}

// @ts-ignore: decorator
@inline
function map2(code: i32, x: usize, y: usize, to: usize, n: i32): void {
  const end = x + (<usize>(n & ~1) << 3);
  while (x < end) {
    v128.store(to, lanes2(code, v128.load(x), v128.load(y)));
    x += 16;
    y += 16;
    to += 16;
  }
  if (n & 1) store<f64>(to, f64x2.extract_lane(lanes2(code, v128.load_splat<f64>(x), v128.load_splat<f64>(y)), 0));
}

export function sum(x: usize, y: usize, to: usize, n: i32): void {
  map2(SUM, x, y, to, n);
}
export function difference(x: usize, y: usize, to: usize, n: i32): void {
  map2(DIFFERENCE, x, y, to, n);
}
export function product(x: usize, y: usize, to: usize, n: i32): void {
  map2(PRODUCT, x, y, to, n);
}
export function quotient(x: usize, y: usize, to: usize, n: i32): void {
  map2(QUOTIENT, x, y, to, n);
}
export function larger(x: usize, y: usize, to: usize, n: i32): void {
  map2(LARGER, x, y, to, n);
}
export function smaller(x: usize, y: usize, to: usize, n: i32): void {
  map2(LARGER + 1, x, y, to, n);
}

/** The same value n times. */
export function fill(to: usize, n: i32, value: f64): void {
  for (let i = 0; i < n; i++) store<f64>(to + (<usize>i << 3), value);
}

/** slope · x + intercept. */
export function affine(from: usize, to: usize, n: i32, slope: f64, intercept: f64): void {
  const a = c(slope);
  const b = c(intercept);
  const end = from + (<usize>(n & ~1) << 3);
  while (from < end) {
    v128.store(to, f64x2.add(f64x2.mul(a, v128.load(from)), b));
    from += 16;
    to += 16;
  }
  if (n & 1) store<f64>(to, slope * load<f64>(from) + intercept);
}
