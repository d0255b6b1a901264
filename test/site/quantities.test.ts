import { expect, test } from "vitest";
import { layOut } from "../../docs/explorer/chart.ts";
import { QUANTITIES, QUANTITY_NAMES } from "../../docs/explorer/quantities/quantities.ts";
import { statisticsChart, statisticsCsv } from "../../docs/explorer/quantities/statisticsChart.ts";
import { exponentsOf, statisticsCurve } from "../../docs/explorer/quantities/statisticsCurve.ts";
import { DEFAULT_STATE, readState, type Request } from "../../docs/explorer/state.ts";
import { statistics, type TrainedNetwork } from "../../src/index.ts";

function requestOf(changes: Partial<typeof DEFAULT_STATE> = {}): Request {
  const read = readState({ ...DEFAULT_STATE, ...changes });
  if ("errors" in read) throw new Error(JSON.stringify(read.errors));
  return read.request;
}

test("statistics along the axis are the library's; the parts add up to the test error", () => {
  const request = requestOf({ student: "tanh", target: "identity", labelNoise: "0.2" });
  let count = 0;
  for (const message of statisticsCurve(request)) {
    if (++count < 3 || message.kind !== "statistics") continue;
    const { curve } = message;
    expect(curve.rows.map(({ x }) => x)).toEqual([0.1, 2.55, 5].map((x) => expect.closeTo(x, 12) as number));
    const { x, numbers } = curve.rows[1]!;
    const direct = statistics({ ...(request.model as TrainedNetwork), theory: "network", sampleRatio: x });
    for (const name of Object.keys(QUANTITIES.decomposition.lines) as "biasSquared"[])
      expect(numbers[name]).toBeCloseTo(direct[name], 8);
    const parts = Object.keys(QUANTITIES.decomposition.lines).reduce((sum, name) => sum + numbers[name]!, 0);
    expect(parts + 0.2).toBeCloseTo(numbers["testError"]!, 9);
    for (const quantity of QUANTITY_NAMES.filter((name) => name !== "errors")) {
      const chart = statisticsChart(curve, quantity, request.model, false);
      expect(chart.series.length).toBeGreaterThan(0);
      for (const { path } of layOut(chart, 600, 300).shapes) expect(path).toMatch(/^M[^N]*$/);
    }
    expect(statisticsCsv(curve).split("\n")[0]).toMatch(/^sampleRatio,status,testError/);
    return;
  }
  expect.unreachable();
});

test("what is refused at both ends is refused, once", () => {
  const messages = [...statisticsCurve(requestOf({ ridge: "-1" }))];
  expect(messages).toHaveLength(2);
  expect(messages.at(-1)).toMatchObject({ curve: { rows: [], refusal: expect.stringMatching(/\S/) as string } });
});

test("the exponents of a target in words, none of what is no target", () => {
  expect([...exponentsOf("x1 + x1*x2")]).toEqual([{ kind: "exponents", text: "information exponent 1, leap 1" }]);
  expect([...exponentsOf("relu")]).toEqual([
    { kind: "exponents", text: "information exponent 1, leap 1, generative exponent 1" },
  ]);
  expect([...exponentsOf("sin(")]).toEqual([{ kind: "exponents", text: "" }]);
});
