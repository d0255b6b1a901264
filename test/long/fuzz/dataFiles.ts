import fc from "fast-check";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "vitest";
import { parseNpy, parseTable } from "../../../src/data/index.ts";
import type { CheckedTable } from "../../../src/data/dataSet.ts";
import { command, contained, legal } from "./contained.ts";
import { inScratch } from "./files.ts";

const cells = fc.oneof(
  { weight: 8, arbitrary: fc.double({ min: -9, max: 9, noNaN: true }).map(String) },
  fc.constantFrom(
    "",
    " ",
    "NaN",
    "nan",
    "inf",
    "-Infinity",
    "1e999",
    "1e-400",
    "0x10",
    "1_000",
    "1,5",
    "١",
    "−1",
    "+1",
  ),
  fc.constantFrom('"1"', '"1', '1"', '""', '"a""b"', '"1,2"', '"\n"', "__proto__", "=1+1", "\u0000", "\uD800", "null"),
  fc.string({ maxLength: 5 }),
  fc.nat({ max: 3 }).map((power) => `"${"x".repeat(10 ** (power + 2))}"`),
);
/** Tables of text: ragged, quoted, with any ends of lines. */
const tables: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(fc.array(cells, { maxLength: 4 }), { maxLength: 8 }),
    fc.constantFrom(",", "\t", ";", ", "),
    fc.constantFrom("\n", "\r\n", "\r", "\n\n", "\u2028"),
    fc.constantFrom("", "\uFEFF", "\n", "#", "x,y,z\n"),
    fc.constantFrom("", "\n", "\r\n", ",", '"'),
  )
  .map(([lines, delimiter, end, head, tail]) => head + lines.map((line) => line.join(delimiter)).join(end) + tail);
/** The same where most rows have numbers alone. */
const regular: fc.Arbitrary<string> = fc
  .tuple(
    fc.array(
      fc.array(
        fc.integer({ min: -40, max: 40 }).map((eighths) => eighths / 8),
        { minLength: 3, maxLength: 3 },
      ),
      {
        minLength: 3,
        maxLength: 9,
      },
    ),
    cells,
    fc.nat(),
    fc.integer({ min: 0, max: 3 }),
  ) // prettier-ignore
  .map(([lines, cell, place, kind]) => {
    const text = lines.map((line) => line.map(String));
    if (kind === 0) text[place % lines.length]![place % 3] = cell;
    return `${text.map((line) => line.join(",")).join("\n")}\n`;
  });

const sizes = fc.oneof(
  fc.constantFrom(
    "2, 3",
    "3,",
    "6",
    "",
    "1, 6",
    "0, 5",
    "5, 0",
    "0,",
    "-2, -3",
    "2, 3, 1",
    "2 3",
    "6, 1,",
    "1e1",
    "0x6",
  ),
  fc.constantFrom(
    "4294967296, 0",
    "999999999999999999, 0",
    `${"9".repeat(200)}, 0`,
    "0, 99999999999",
    "3, 2",
    "03, 02",
  ),
);
/** Bytes of a NumPy file, of which one thing or another is wrong. */
const arrays: fc.Arbitrary<Uint8Array> = fc
  .record({
    shape: sizes,
    type: fc.constantFrom("<f8", ">f8", "|u1", "<i8", ">u8", "<f4", "|b1", "<f2", "<c16", "|O", "<U4", "=f8", "<f16", "|i1", "", "<f08"), // prettier-ignore
    order: fc.constantFrom("True", "False", "true", "1", "None"),
    version: fc.constantFrom(1, 2, 3, 0, 255),
    length: fc.option(fc.nat({ max: 70_000 }), { freq: 5, nil: undefined }),
    data: fc.oneof(fc.uint8Array({ minLength: 48, maxLength: 48 }), fc.uint8Array({ maxLength: 60 })),
    extra: fc.constantFrom("", "'shape': (2, 3), ", "'__proto__': 1, ", "\u0000", "'descr': [('a', '<f8')], "),
    cut: fc.option(fc.nat({ max: 140 }), { freq: 6, nil: undefined }),
  })
  .map(({ shape, type, order, version, length, data, extra, cut }) => {
    const header = `{${extra}'descr': '${type}', 'fortran_order': ${order}, 'shape': (${shape}), }`.padEnd(100) + "\n";
    const text = new TextEncoder().encode(header);
    const size = length ?? text.length;
    const wide = version > 1;
    const count = wide ? [size & 255, (size >> 8) & 255, size >> 16, 0] : [size & 255, (size >> 8) & 255];
    const bytes = Uint8Array.of(0x93, ...new TextEncoder().encode("NUMPY"), version, 0, ...count, ...text, ...data);
    return cut === undefined ? bytes : bytes.subarray(0, cut);
  });

function expectTable(table: CheckedTable | undefined): void {
  if (!table) return;
  const { data, rows, columns } = table;
  expect(data.length).toBe(rows * columns);
  expect(Number.isSafeInteger(rows) && Number.isSafeInteger(columns)).toBe(true);
}

/** A table of text or bytes is one of numbers, or is refused. */
export async function fuzzTables(numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(fc.oneof(tables, regular), fc.constantFrom(undefined, ",", "\t", ";"), (text, delimiter) =>
      contained(() => {
        const table = legal(() => parseTable(text, delimiter === undefined ? {} : { delimiter: delimiter as "," }));
        expectTable(table);
        if (table) expect(table.data.every(Number.isFinite)).toBe(true);
      }),
    ),
    { numRuns: Math.ceil(numRuns / 2) },
  );
  await fc.assert(
    fc.asyncProperty(fc.oneof({ weight: 9, arbitrary: arrays }, fc.uint8Array({ maxLength: 200 })), (bytes) =>
      contained(() => expectTable(legal(() => parseNpy(bytes)))),
    ),
    { numRuns: Math.floor(numRuns / 2) },
  );
}

const OPTIONS = fc.array(
  fc.oneof(
    fc.tuple(fc.constant("--labels"), fc.constantFrom("1", "3", "0", "-1", "y", "1.5", "", "__proto__", "1e9")),
    fc.tuple(
      fc.constant("--samples"),
      fc.constantFrom("2", "2,3", "1:3:3", "0", "-1", "1e9", "inf", "nan", "1:1e9:1e9"),
    ),
    fc.tuple(fc.constant("--ridge"), fc.constantFrom("0.1", "0", "-1", "inf", "1e-300", "1e300", "1:2:3:log", "0,1")),
    fc.tuple(fc.constant("--anchor"), fc.constantFrom("loo", "gcv", "conditional", "toString", "")),
    fc.tuple(
      fc.constant("--features"),
      fc.constantFrom("relu:5", "relu:0", "relu", "1/x:3", "relu:1e9", "tanh:-1", ":5"),
    ),
    fc.tuple(fc.constant("--check"), fc.constantFrom("2", "0", "1e9", "nan", "2.5")),
    fc.tuple(fc.constant("--trials"), fc.constantFrom("1", "2", "0", "-3", "1e300", "x")),
    fc.tuple(fc.constant("--seed"), fc.constantFrom("1", "-1", "1e300", "0.5")),
    fc.constant<string[]>(["--intercept"]),
  ),
  { maxLength: 3 },
);

/** `data` on any file gives a table of numbers or a message. */
export function fuzzDataCommand(numRuns: number): Promise<void> {
  const file = fc.oneof(
    fc.tuple(fc.constant("table.csv"), fc.oneof(tables, { weight: 4, arbitrary: regular })),
    fc.tuple(fc.constant("table.npy"), arrays),
  );
  return inScratch((directory) =>
    fc.assert(
      fc.asyncProperty(file, OPTIONS, ([name, content], options) =>
        contained(async () => {
          const path = join(directory, name);
          writeFileSync(path, content);
          const { out } = await command(["data", path, "--labels", "1", ...options.flat()]);
          expect(out).not.toMatch(/\bNaN\b/);
        }),
      ),
      { numRuns },
    ),
  );
}
