import { describe, expect, test } from "vitest";
import { NUMBER_FIELDS } from "../../docs/explorer/fields.ts";
import { DEFAULT_STATE, type ExplorerModel, readState } from "../../docs/explorer/state.ts";
import { colorAt } from "../../docs/explorer/tuning/colors.ts";
import { mapCsv, mapSvg } from "../../docs/explorer/tuning/mapExports.ts";
import { layOutMap } from "../../docs/explorer/tuning/mapScene.ts";
import { type MapMessage, type PlaneMap, refineMap } from "../../docs/explorer/tuning/planeMap.ts";
import { tune } from "../../docs/explorer/tuning/tune.ts";
import { optimum, solve, statistics, type TrainedNetwork } from "../../src/index.ts";
import { planeObservable } from "../../src/tuning/planeObservable.ts";

function modelOf(changes: Partial<typeof DEFAULT_STATE> = {}): ExplorerModel {
  const read = readState({ ...DEFAULT_STATE, ...changes });
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read.request.model;
}

/** The maps up to one of so many points on a side. */
function mapsUntil(size: number): PlaneMap[] {
  const maps: PlaneMap[] = [];
  for (const message of refineMap({ model: modelOf(), x: "sampleRatio", y: "ridge", quantity: "testError" })) {
    if (message?.kind === "error") throw new Error(message.message);
    if (!message) continue;
    if (message.map.x.length > size) break;
    maps.push(message.map);
  }
  return maps;
}

describe("a map", () => {
  const maps = mapsUntil(17);
  const [coarse, fine] = [maps.findLast(({ x }) => x.length === 9)!, maps.at(-1)!];

  test("has the library's errors, and gets finer without losing a point", () => {
    expect(fine.values).toHaveLength(17);
    for (const [i, j] of [
      [0, 0],
      [5, 9],
      [16, 16],
    ] as const) {
      // prettier-ignore
      const at = { sampleRatio: fine.x[i]!, ridge: fine.y[j]! };
      expect(fine.values[j]![i]! / solve({ ...modelOf(), theory: "network", ...at }).testError).toBeCloseTo(1, 8);
    }
    coarse.x.forEach((x, i) => expect(fine.x[2 * i]).toBe(x));
    coarse.values.forEach((row, j) => row.forEach((value, i) => expect(fine.values[2 * j]![2 * i]).toBe(value)));
    // While the first grid fills, what is not known is missing; later, the coarser one stands for it.
    expect(maps[0]!.values.flat().filter((value) => value === undefined)).toHaveLength(72);
    const growing = maps.find(({ x }) => x.length === 17)!;
    expect(growing.values.flat().every((value) => value !== undefined)).toBe(true);
  });

  test("is drawn with contours between the points, the model in it, and colours that leave the peak out", () => {
    const scene = layOutMap(fine, 600, 400, false);
    expect(scene.cells.length).toBeGreaterThan(8);
    for (const { path } of [...scene.cells, ...scene.contours]) expect(path).not.toContain("NaN");
    expect(scene.contours.filter(({ path }) => path !== "").length).toBeGreaterThan(1);
    expect(Number(scene.beyond)).toBeLessThan(Math.max(...fine.values.flat().map((value) => value ?? 0)));
    expect(scene.x.invert(scene.marker!.x)).toBeCloseTo(1.5, 6);
    expect(scene.y.invert(scene.marker!.y)).toBeCloseTo(0.1, 6);
    const svg = mapSvg(scene, "Test error");
    expect(svg.match(/<path/g)).toHaveLength(scene.cells.length + scene.contours.length);
    const [head, ...rows] = mapCsv(fine).trim().split("\n");
    expect(head).toMatch(/^widthRatio,ridge,sampleRatio,learningRate/);
    expect(rows).toHaveLength(289);
    expect([colorAt(0), colorAt(1)]).toEqual(["#440154", "#fde725"]);
  });

  test("of a model that is not legal says so, once", () => {
    const messages = [
      ...refineMap({
        model: { ...modelOf(), student: "tanh(y)" },
        x: "ridge",
        y: "sampleRatio",
        quantity: "testError",
      }),
    ];
    const said = messages.filter((message): message is MapMessage => message !== undefined);
    expect(said).toEqual([{ kind: "error", message: expect.stringContaining("unknown symbol") as string }]);
  });
});

test.each([
  ["variance", {}],
  ["classificationError", {}],
] as const)("a map of %s has the library's", (quantity, changes) => {
  const model = modelOf({ labelNoise: "0.2", ...changes });
  const [observable] = [
    planeObservable({ ...model, theory: "network" }, undefined, quantity, ["sampleRatio", "ridge"]),
  ];
  const { value, error } = observable.at(1.2, 0.3)!;
  const direct = statistics({ ...(model as TrainedNetwork), theory: "network", sampleRatio: 1.2, ridge: 0.3 })[
    quantity
  ];
  expect(Math.abs(value - direct)).toBeLessThanOrEqual(error + 1e-12);
  expect(error).toBeLessThan(1e-6);
});

test("statistics of several steps are refused by the name of the quantity", () => {
  const model = modelOf({ steps: [{ learningRate: "1", stepSampleRatio: "inf", reuseBatch: false }] });
  const messages = [...refineMap({ model, x: "ridge", y: "sampleRatio", quantity: "variance" })];
  expect(messages).toEqual([{ kind: "error", message: expect.stringMatching(/quantity: .*one step/) as string }]);
});

describe("the best value of a parameter", () => {
  test("is that of the library, and a limit is said to be one", () => {
    const [ridge] = [...tune({ model: modelOf(), name: "ridge" })];
    const { at, value } = optimum({ ...modelOf(), theory: "network" }, { over: ["ridge"] });
    expect(ridge).toMatchObject({ kind: "best", name: "ridge", value: Number(at.ridge!.toPrecision(6)) });
    expect(ridge!.kind === "best" && ridge!.text).toBe(`test error ${Number(value.toPrecision(4))}`);
    const [samples] = [...tune({ model: modelOf(), name: "sampleRatio" })];
    expect(samples).toMatchObject({ value: Infinity, text: expect.stringContaining("a limit") as string });
  });

  test("of a model that is not legal: the error", () => {
    const [message] = [...tune({ model: { ...modelOf(), ridge: -1 }, name: "widthRatio" })];
    expect(message).toMatchObject({ kind: "error", message: expect.stringContaining("ridge = -1") as string });
  });
});

test("the fields are those of the table of parameters", () => {
  expect(NUMBER_FIELDS.map(({ symbol }) => symbol)).toEqual(["η̃", "α₀", "α", "β", "λ", "Δ"]);
  expect(NUMBER_FIELDS.map(({ axisTitle }) => axisTitle)).toContain("samples α = n/d");
});
