import { afterEach, describe, expect, test, vi } from "vitest";

/** Bits of all rules, computed anew while Math.random is another function. */
async function rulesWith(random: () => number): Promise<string> {
  vi.resetModules();
  const original = Math.random;
  Math.random = random;
  try {
    const { legendreRule } = await import("../../src/numerics/gaussLegendre.ts");
    const rules = Array.from({ length: 12 }, (_, i) => legendreRule(i + 1));
    return rules.map(({ nodes, weights }) => [...nodes, ...weights].join(" ")).join("\n");
  } finally {
    Math.random = original;
  }
}

/** A linear congruential generator (Numerical Recipes' constants). */
function congruential(seed: number): () => number {
  let state = seed >>> 0;
  return () => (state = (Math.imul(state, 1664525) + 1013904223) >>> 0) / 2 ** 32;
}

function alternating(...values: readonly number[]): () => number {
  let at = 0;
  return () => values[at++ % values.length]!;
}

afterEach(() => vi.resetModules());

describe("Legendre rules whatever the package's random start", () => {
  test("constants, extremes and values that are no numbers leave the same bits", async () => {
    const expected = await rulesWith(congruential(0));
    const starts = [0, 0.5, 1 - 2 ** -53, 1, NaN, Infinity].map((value) => () => value);
    starts.push(alternating(0, 1 - 2 ** -53), alternating(0.25, 0.25, 0.75), alternating(2 ** -53, 0));
    starts.push(() => {
      throw new Error("no random numbers here");
    });
    for (const random of starts) expect(await rulesWith(random)).toBe(expected);
  });

  test("a thousand seeds leave the same bits", async () => {
    const expected = await rulesWith(congruential(0));
    const seen = new Set<string>();
    let count = 0;
    for (let seed = 1; seed <= 1000; seed++, count++) seen.add(await rulesWith(congruential(seed * 2654435761)));
    expect(count).toBe(1000);
    expect([...seen]).toEqual([expected]);
  });
});
