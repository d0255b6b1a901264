// xoshiro256++ (Blackman & Vigna 2021) and normals by the ziggurat of 256 layers (Marsaglia & Tsang 2000).
import { LAYERS, ZIGGURAT_R, zigguratX, zigguratF } from "./zigguratTables";

// @ts-ignore: decorator
@inline
function next(state: usize): u64 {
  const s0 = load<u64>(state);
  let s1 = load<u64>(state, 8), s2 = load<u64>(state, 16), s3 = load<u64>(state, 24);
  const result = rotl<u64>(s0 + s3, 23) + s0;
  const t = s1 << 17;
  s2 ^= s0;
  s3 ^= s1;
  s1 ^= s2;
  store<u64>(state, s0 ^ s3);
  store<u64>(state, s1, 8);
  store<u64>(state, s2 ^ t, 16);
  store<u64>(state, rotl<u64>(s3, 45), 24);
  return result;
}

/** Four words of splitmix64 started at the seed. */
export function seedState(state: usize, low: u32, high: u32): void {
  let x = ((<u64>high) << 32) | (<u64>low);
  for (let i = 0; i < 4; i++) {
    x += 0x9e3779b97f4a7c15;
    let z = x;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9;
    z = (z ^ (z >> 27)) * 0x94d049bb133111eb;
    store<u64>(state + (<usize>i << 3), z ^ (z >> 31));
  }
}

const jumpWords = memory.data<u64>([0x180ec6d33cfd0aba, 0xd5a61266f0c9392c, 0xa9582618e03fc9aa, 0x39abdc4529b1661c]);
const longJumpWords = memory.data<u64>([0x76e15d3efefdcbbf, 0xc5004e441c522fb3, 0x77710069854ee241, 0x39109bb02acbe635]);

function advance(state: usize, words: usize): void {
  let a: u64 = 0, b: u64 = 0, c: u64 = 0, d: u64 = 0;
  for (let i = 0; i < 4; i++) {
    const word = load<u64>(words + (<usize>i << 3));
    for (let bit = 0; bit < 64; bit++) {
      if ((word >> bit) & 1) {
        a ^= load<u64>(state);
        b ^= load<u64>(state, 8);
        c ^= load<u64>(state, 16);
        d ^= load<u64>(state, 24);
      }
      next(state);
    }
  }
  store<u64>(state, a);
  store<u64>(state, b, 8);
  store<u64>(state, c, 16);
  store<u64>(state, d, 24);
}

/** Advances by 2¹²⁸ draws. */
export function jump(state: usize): void {
  advance(state, jumpWords);
}

/** Advances by 2¹⁹² draws. */
export function longJump(state: usize): void {
  advance(state, longJumpWords);
}

// @ts-ignore: decorator
@inline
function fraction(bits: u64): f64 {
  return <f64>(bits >> 11) * 1.1102230246251565e-16;
}

function tail(state: usize): f64 {
  while (true) {
    const x = -Math.log(1 - fraction(next(state))) / ZIGGURAT_R;
    const y = -Math.log(1 - fraction(next(state)));
    if (y + y > x * x) return ZIGGURAT_R + x;
  }
}

// @ts-ignore: decorator
@inline
function normal(state: usize): f64 {
  while (true) {
    const bits = next(state);
    const layer = <usize>(bits & (LAYERS - 1)) << 3;
    const u = fraction(bits);
    const x = u * load<f64>(zigguratX + layer);
    const sign: u64 = (bits << 55) & 0x8000000000000000;
    let value = x;
    if (x >= load<f64>(zigguratX + layer, 8)) {
      if (layer == 0) {
        value = tail(state);
      } else {
        const low = load<f64>(zigguratF + layer);
        const high = load<f64>(zigguratF + layer, 8);
        if (low + fraction(next(state)) * (high - low) >= Math.exp(-0.5 * x * x)) continue;
      }
    }
    return reinterpret<f64>(reinterpret<u64>(value) | sign);
  }
}

/** One standard normal. */
export function nextNormal(state: usize): f64 {
  return normal(state);
}

/** n independent standard normals times scale. */
export function fillNormals(state: usize, to: usize, n: i32, scale: f64): void {
  for (let i = 0; i < n; i++) store<f64>(to + (<usize>i << 3), scale * normal(state));
}
