import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { JsonInputError, readCases, splitCases } from "../../src/json/cases.ts";
import { encode, encoderOf } from "../../src/json/encode.ts";

async function* pieces(text: string, length: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += length) yield await Promise.resolve(text.slice(at, at + length));
}

describe("cases", () => {
  // Law: however the text is cut, the cases are those of the whole text.
  test.each([
    '{"a": 1}',
    '[{"a": 1}, {"a": 2}]',
    '[\n  {"a": 1}\n]\n',
    '\n{"a": 1}\n\n{"a": 2}\r\n',
    '{"a": 1}\n{"a": \n{"a": 3}',
    '{\n"a": 1\n}',
    '{"a": \n{"a": 3}\n',
  ])("%j in pieces", async (text) => {
    const whole = splitCases(text, "input");
    for (const length of [1, 3, 1000]) {
      const { layout, cases } = await readCases(pieces(text, length), "input");
      const read = [];
      for await (const item of cases) read.push(item);
      expect(read).toEqual(whole.cases);
      expect(layout === "array").toBe(whole.layout === "array");
    }
  });

  test.each([
    ['{"a": 1}', "object", 1],
    ['[{"a": 1}, {"a": 2}]', "array", 2],
    ["[]", "array", 0],
    ['{"a": 1}\n\n{"a": 2}\r\n', "lines", 2],
    ['{"a": 1}\n{"a": \n{"a": 3}', "lines", 3],
  ])("%j is read as %s", (text, layout, count) => {
    const cases = splitCases(text, "input");
    expect(cases.layout).toBe(layout);
    expect(cases.cases).toHaveLength(count);
  });

  test("a line that is not JSON stays in its place and says which line it is", () => {
    const { cases } = splitCases('{"a": 1}\n{"b": NaN}\n', "input");
    expect(cases[0]).toEqual({ data: { a: 1 } });
    expect(String(Object.values(cases[1]!)[0])).toMatch(/line 2 of input is not JSON.*"inf"/);
  });

  test.each(["", "  \n", "{", "nonsense", '{\n"a": 1,\n}'])("%j is no input", (text) => {
    expect(() => splitCases(text, "input")).toThrow(JsonInputError);
  });

  test.each(["", "{", "nonsense\n{"])("nor is %j in pieces", async (text) => {
    await expect(readCases(pieces(text, 2), "input")).rejects.toThrow(JsonInputError);
  });

  test("what JSON lacks is written as inf and null", () => {
    expect(encode({ a: [Infinity, -Infinity, NaN, 1] })).toBe('{"a":["inf","-inf",null,1]}');
  });

  // Law: results written in any layout are read back as they were.
  test("results can be read back in the layout of the input", () => {
    const result = fc.dictionary(
      fc.string(),
      fc.oneof(fc.double({ noNaN: true, noDefaultInfinity: true }), fc.string()),
    );
    fc.assert(
      fc.property(fc.array(result, { minLength: 2 }), fc.constantFrom("array", "lines"), (results, layout) => {
        const encoder = encoderOf(layout);
        const text = [...results.map((item) => encoder.push(item)), encoder.end()].join("");
        const read = splitCases(text, "output");
        expect(read.layout).toBe(layout);
        const normalised = results.map((item) => JSON.parse(JSON.stringify(item)) as unknown);
        expect(read.cases).toEqual(normalised.map((data) => ({ data })));
      }),
    );
  });
});
