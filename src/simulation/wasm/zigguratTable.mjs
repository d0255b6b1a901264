// Tables of the normal ziggurat from 192-bit fixed-point arithmetic, so that they owe nothing to a machine's exp and log.
// f(x) = exp(−x²/2); layers of equal area v; x₁ = R, x₀ = v/f(R), xᵢ₊₁ = f⁻¹(v/xᵢ + f(xᵢ)), and R such that x_LAYERS = 0.

const LAYERS = 256;
const BITS = 192n;
const ONE = 1n << BITS;

const fixed = (x) => BigInt(Math.round(x * 2 ** 48)) << (BITS - 48n);
const multiply = (a, b) => (a * b) >> BITS;
const divide = (a, b) => (a << BITS) / b;

/** Correctly rounded double of a fixed-point number. */
function toDouble(a) {
  const negative = a < 0n;
  const magnitude = negative ? -a : a;
  const value = Number(magnitude) / 2 ** Number(BITS);
  return negative ? -value : value;
}

function squareRoot(a) {
  let x = fixed(Math.sqrt(toDouble(a))) || 1n;
  for (let i = 0; i < 8; i++) x = (x + divide(a, x)) >> 1n;
  return x;
}

function exponential(a) {
  const halvings = 12n;
  let term = ONE;
  let sum = ONE;
  const small = a >> halvings;
  for (let k = 1n; k < 40n; k++) {
    term = multiply(term, small) / k;
    sum += term;
  }
  for (let i = 0n; i < halvings; i++) sum = multiply(sum, sum);
  return sum;
}

function logarithm(a) {
  let x = fixed(Math.log(toDouble(a)));
  for (let i = 0; i < 4; i++) x += divide(a, exponential(x)) - ONE;
  return x;
}

const density = (x) => exponential(-multiply(x, x) >> 1n);
const inverseDensity = (y) => squareRoot(-2n * logarithm(y));

/** ∫₀^x exp(−t²/2) dt by its series at 0. */
function integral(x) {
  const square = multiply(x, x);
  let power = x;
  let sum = x;
  for (let k = 1n; k < 160n; k++) {
    power = -multiply(power, square) / (2n * k);
    sum += power / (2n * k + 1n);
  }
  return sum;
}

function arctangentOfInverse(n) {
  let power = ONE / n;
  let sum = power;
  for (let k = 1n; k < 200n; k++) {
    power = -power / (n * n);
    sum += power / (2n * k + 1n);
  }
  return sum;
}

const PI = 4n * (4n * arctangentOfInverse(5n) - arctangentOfInverse(239n));
const HALF_TOTAL = squareRoot(PI >> 1n);

/** x_1 … x_{LAYERS−1} for this R, the common area, and by how much the last layer misses the top f = 1. */
function layers(r) {
  const area = multiply(r, density(r)) + HALF_TOTAL - integral(r);
  const x = [divide(area, density(r)), r];
  for (let i = 1; i < LAYERS - 1; i++) {
    const height = divide(area, x[i]) + density(x[i]);
    if (height >= ONE) return { x, excess: height - ONE + BigInt(LAYERS - i) };
    x.push(inverseDensity(height));
  }
  const last = x[LAYERS - 1];
  return { x, excess: divide(area, last) + density(last) - ONE };
}

/** Bisection between an R that is too small (layers overshoot the top) and one that is too large. */
function ziggurat() {
  let low = fixed(3.6541528853);
  let high = fixed(3.6541528855);
  while (high - low > 1n << 100n) {
    const middle = (low + high) >> 1n;
    if (layers(middle).excess > 0n) low = middle;
    else high = middle;
  }
  return layers(high).x;
}

/** AssemblyScript source of the tables. */
export function zigguratSource() {
  const x = ziggurat();
  const xs = [...x.map(toDouble), 0];
  const fs = [...x.map((value) => toDouble(density(value))), 1];
  return `// Made by zigguratTable.mjs.
export const LAYERS: u64 = ${LAYERS};
export const ZIGGURAT_R: f64 = ${xs[1]};
export const zigguratX: usize = memory.data<f64>([${xs.join(", ")}]);
export const zigguratF: usize = memory.data<f64>([${fs.join(", ")}]);
`;
}
