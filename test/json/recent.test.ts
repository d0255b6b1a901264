import { describe, expect, test } from "vitest";
import { solveCases } from "../../src/json/solve.ts";
import { recent } from "../../src/solve/recent.ts";
import { referenceCases, worstDifference } from "../fixtures/reference.ts";

describe("what is made of the latest models is kept", () => {
  const make = (made: object[], kept: number) =>
    recent(
      (description: object) => {
        made.push(description);
        return made.length;
      },
      { kept },
    );

  test("three models in any order are made once each, whatever their points", () => {
    const made: object[] = [];
    const of = make(made, 3);
    const model = (a: unknown) => ({ student: "tanh", readoutValues: [1, a] });
    const found = [1, 2, 3, 1, 3, 2, 2, 1].map((a, i) => of({ ...model(a), ridge: i, sampleRatio: 2 * i }));
    expect(found).toEqual([1, 2, 3, 1, 3, 2, 2, 1]);
    expect(made).toHaveLength(3);
  });

  test("the one that was not used for longest goes", () => {
    const made: object[] = [];
    const of = make(made, 2);
    expect([{ a: 1 }, { a: 2 }, { a: 1 }, { a: 3 }, { a: 1 }, { a: 2 }].map(of)).toEqual([1, 2, 1, 3, 1, 4]);
  });

  test.each([
    [{ a: 1 }, { a: 1, b: undefined }],
    [{ a: [1, 2] }, { a: { 0: 1, 1: 2 } }],
    [{ a: { b: 1 } }, { a: { b: 2 } }],
    [{ a: NaN }, { a: null }],
  ])("%j is not %j", (a, b) => {
    const of = make([], 2);
    expect([of(a), of(b), of({ ...a })]).toEqual([1, 2, 1]);
  });
});

// Law: the order of cases changes the results within their accuracy only.
test("cases of several models, shuffled, give the results of the sorted ones", () => {
  const cases = ["srf", "trainedNetwork", "smallAndIntermediateRate"].flatMap((file) =>
    referenceCases(file).slice(0, 3),
  );
  const points = cases.flatMap((item) => [0.3, 1.7].map((ridge) => ({ data: { ...item, ridge } })));
  const order = points.map((_, i) => (i * 7) % points.length);
  expect(new Set(order).size).toBe(points.length);
  const sorted = [...solveCases(points)];
  const shuffled = [...solveCases(order.map((i) => points[i]!))];
  const differences = order.map((i, k) => {
    const { testError } = sorted[i] as unknown as { testError: number };
    return worstDifference(shuffled[k], { testError });
  });
  expect(differences).toHaveLength(18);
  expect(Math.max(...differences)).toBeLessThan(1e-11);
});
