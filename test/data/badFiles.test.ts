import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseNpy, parseTable } from "../../src/data/index.ts";
import { ParameterError } from "../../src/errors.ts";
import { solveCases } from "../../src/json/solve.ts";

/** Whether what is read is a whole table of finite numbers, or is refused by name. */
function isReadOrRefused(read: () => { data: ArrayLike<number>; rows: number; columns: number }): boolean {
  try {
    const { data, rows, columns } = read();
    return rows > 0 && data.length === rows * columns && Array.from(data).every(Number.isFinite);
  } catch (error) {
    return error instanceof ParameterError;
  }
}

const TABLE = "a,b,y\n1,2,1\n3,4.5e-1,-1\n-5,6,1\n0.1,2,-1\n";
const header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2, 2), }".padEnd(117) + "\n";
const NPY = Uint8Array.from([
  ...[0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, header.length, 0],
  ...new TextEncoder().encode(header),
  ...new Uint8Array(Float64Array.of(1, 2, 3, 4).buffer),
]);

// Fuzz: damaged files are tables or one clear error, never another one.
describe("damaged data files", () => {
  const place = fc.nat({ max: 500 });
  test("text tables", () => {
    const damage = fc.tuple(place, place, fc.string({ maxLength: 6, unit: "binary-ascii" }));
    fc.assert(
      fc.property(damage, ([at, length, text]) => {
        const from = at % TABLE.length;
        const damaged = TABLE.slice(0, from) + text + TABLE.slice(from + (length % 9));
        return isReadOrRefused(() => parseTable(damaged, { name: "table" }));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });

  test("delimiters are found, binary data is named", () => {
    for (const mark of [",", "\t", ";"]) {
      expect([...parseTable(TABLE.replaceAll(",", mark)).data]).toEqual([...parseTable(TABLE).data]);
    }
    expect(() => parseTable("\u0089PNG\r\n\0\0", { name: "features" })).toThrow(/^features = "binary data"/);
    expect(() => parseTable("a,y\n1,cat\n")).toThrow(/row 2, column y = "cat".*classes are 1 and −1/);
  });

  test("arrays of NumPy", () => {
    expect(parseNpy(NPY, "table").rows).toBe(2);
    fc.assert(
      fc.property(place, fc.nat({ max: 255 }), fc.boolean(), (at, byte, cut) => {
        const damaged = cut ? NPY.slice(0, at % NPY.length) : NPY.map((old, i) => (i === at % NPY.length ? byte : old));
        return isReadOrRefused(() => parseNpy(damaged, "table"));
      }),
      { seed: 1, numRuns: 2000 },
    );
  });
});

const point = { points: [{ samples: 2, ridge: 1 }] };
const features = [
  [1, 2],
  [2, 1],
  [0, 1],
];

describe("data that cannot be used are one error each", () => {
  test.each([
    ["labels", { features, labels: [1, 1, 1], ...point }],
    ["labels[1]", { features, labels: [1, "x", 1], ...point }],
    ["labels", { features: features.slice(0, 1), labels: [1], ...point }],
    [
      "features[1][0]",
      {
        features: [
          [1, 2],
          [null, 1],
          [0, 1],
        ],
        labels: [1, -1, 1],
        ...point,
      },
    ],
    [
      "gram[1][0]",
      {
        gram: [
          [1, 2, 0],
          [3, 1, 0],
          [0, 0, 1],
        ],
        labels: [1, -1, 1],
        ...point,
      },
    ],
    [
      "gram",
      {
        gram: [
          [1, 2, 0],
          [2, 1, 0],
          [0, 0, 1],
        ],
        labels: [1, -1, 1],
        ...point,
      },
    ],
    [
      "points[0]",
      {
        gram: [
          [1, 0, 0],
          [0, 2, 0],
          [0, 0, 1],
        ],
        labels: [1, -1, 1],
        points: [{ samples: 9, ridge: 0.1 }],
      },
    ],
  ])("%s", (parameter, fields) => {
    const [result] = [...solveCases([{ data: { model: "dataSet", ...fields } }])];
    expect(result).toMatchObject({ status: "error", error: { name: "ParameterError", parameter } });
  });
});
