import { beforeAll, describe, expect, it } from "vitest";
import { streamNames, streamStateLength, trialStreams, type TrialStreams } from "../../src/simulation/randomStreams.ts";
import { Workspace } from "../../src/simulation/workspace.ts";

const count = 400_000;
let workspace: Workspace;
let states: Float64Array;
let sample: Float64Array;
beforeAll(async () => {
  workspace = await Workspace.create(8 * count + 4096);
  states = workspace.allocate(streamStateLength);
  sample = workspace.allocate(count);
});

const streams = (seed: number, trial: number): TrialStreams => trialStreams(workspace, states, seed, trial);
const stateWords = (): bigint[] => [...new BigUint64Array(states.buffer, states.byteOffset, streamStateLength)];

// Reference in arbitrary precision, from the authors' C code (https://prng.di.unimi.it/).
const mask = (1n << 64n) - 1n;
const rotate = (x: bigint, k: bigint): bigint => ((x << k) | (x >> (64n - k))) & mask;

function splitmix(seed: bigint): bigint[] {
  let x = seed;
  return Array.from({ length: 4 }, () => {
    x = (x + 0x9e3779b97f4a7c15n) & mask;
    let z = ((x ^ (x >> 30n)) * 0xbf58476d1ce4e5b9n) & mask;
    z = ((z ^ (z >> 27n)) * 0x94d049bb133111ebn) & mask;
    return z ^ (z >> 31n);
  });
}

function next(s: bigint[]): bigint {
  const result = (rotate((s[0]! + s[3]!) & mask, 23n) + s[0]!) & mask;
  const t = (s[1]! << 17n) & mask;
  s[2]! ^= s[0]!;
  s[3]! ^= s[1]!;
  s[1]! ^= s[2]!;
  s[0]! ^= s[3]!;
  s[2]! ^= t;
  s[3] = rotate(s[3]!, 45n);
  return result;
}

function jumped(s: bigint[], polynomial: readonly bigint[]): bigint[] {
  const [walker, sum] = [[...s], [0n, 0n, 0n, 0n]];
  for (const word of polynomial) {
    for (let bit = 0n; bit < 64n; bit++) {
      if ((word >> bit) & 1n) walker.forEach((value, i) => (sum[i]! ^= value));
      next(walker);
    }
  }
  return sum;
}

const jump = [0x180ec6d33cfd0aban, 0xd5a61266f0c9392cn, 0xa9582618e03fc9aan, 0x39abdc4529b1661cn];
const longJump = [0x76e15d3efefdcbbfn, 0xc5004e441c522fb3n, 0x77710069854ee241n, 0x39109bb02acbe635n];

describe("exactness: xoshiro256++", () => {
  it("known first output for the state 1, 2, 3, 4", () => {
    expect(next([1n, 2n, 3n, 4n])).toBe(41943041n);
  });

  it.each([
    [0, 0],
    [2 ** 53 - 1, 2],
    [42, 3],
  ])("seed %i, trial %i: states are long jumps and jumps of the seeded state", (seed, trial) => {
    streams(seed, trial);
    let state = splitmix(BigInt(seed));
    for (let i = 0; i < trial; i++) state = jumped(state, longJump);
    const expected = streamNames.map(() => {
      const own = state;
      state = jumped(state, jump);
      return own;
    });
    expect(stateWords()).toEqual(expected.flat());
  });

  it("a normal takes one draw of the generator, in most cases, and is its layer times its fraction", () => {
    const { weights } = streams(9, 1);
    const state = stateWords().slice(0, 4);
    const bits = next(state);
    const value = weights.normal();
    expect(Math.sign(value)).toBe((bits >> 8n) & 1n ? -1 : 1);
    expect(stateWords().slice(0, 4)).toEqual(state);
  });
});

describe("laws: normals", () => {
  it("filling at once or one by one is the same sequence", () => {
    const { testInputs } = streams(3, 0);
    const together = sample.subarray(0, 1000);
    testInputs.fillNormals(together);
    const again = streams(3, 0).testInputs;
    together.forEach((value) => expect(again.normal()).toBe(value));
  });

  it("moments, tails and the Kolmogorov–Smirnov distance of 400,000 draws", () => {
    streams(2026, 5).trainInputs.fillNormals(sample);
    const moment = (k: number): number => sample.reduce((sum, x) => sum + x ** k, 0) / count;
    const within = (value: number, expected: number, variance: number): void =>
      expect(Math.abs(value - expected)).toBeLessThan(4.5 * Math.sqrt(variance / count));
    within(moment(1), 0, 1);
    within(moment(2), 1, 2);
    within(moment(3), 0, 15);
    within(moment(4), 3, 96);
    within(moment(6), 15, 10395 - 225);
    // Beyond the ziggurat's R = 3.654, where the tail algorithm takes over: 2 Φ(−3.6541528853610088), from mpmath 1.3.
    const beyond = sample.reduce((sum, x) => sum + (Math.abs(x) > 3.6541528853610088 ? 1 : 0), 0) / count;
    within(beyond, 0.00025803, 0.000258);
    const sorted = Float64Array.from(sample).sort();
    const distance = sorted.reduce((worst, x, i) => Math.max(worst, Math.abs(normalCdf(x) - (i + 0.5) / count)), 0);
    expect(distance * Math.sqrt(count)).toBeLessThan(1.95); // exceeded with probability 0.001
    const lagged = sample.reduce((sum, x, i) => sum + (i > 0 ? x * sample[i - 1]! : 0), 0) / count;
    within(lagged, 0, 1);
  });

  it("streams of one trial, and of neighbouring trials, are uncorrelated", () => {
    const draws = [0, 1].flatMap((trial) => {
      const all = streams(1, trial);
      return streamNames.map((name) => Float64Array.from({ length: 4000 }, () => all[name].normal()));
    });
    draws.forEach((x, i) =>
      draws.slice(0, i).forEach((y) => {
        const correlation = x.reduce((sum, value, k) => sum + value * y[k]!, 0) / x.length;
        expect(Math.abs(correlation) * Math.sqrt(x.length)).toBeLessThan(4.5);
      }),
    );
  });

  it.each([-1, 0.5, 2 ** 53, NaN, Infinity])("seed %s is refused", (seed) => {
    expect(() => streams(seed, 0)).toThrow(/seed = .* is not legal: an integer in \[0, 2\^53\)/);
  });
});

/** Φ by Simpson's rule on the density: good to 1e-10. */
function normalCdf(x: number): number {
  const n = 60;
  const h = x / n;
  let sum = 0;
  for (let i = 0; i <= n; i++) sum += (i === 0 || i === n ? 1 : i % 2 ? 4 : 2) * Math.exp(-0.5 * (i * h) ** 2);
  return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}
