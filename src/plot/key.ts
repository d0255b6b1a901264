/** A mark and what it stands for. */
export interface KeyEntry {
  readonly symbol: "line" | "dashed" | "dotted" | "dashDotted" | "cross" | "bar";
  readonly text: string;
}

/** The shape of a simulated value. */
export const CROSS = "M-1,-1L1,1M-1,1L1,-1";

const SYMBOLS = {
  line: "M-1,0L1,0",
  dashed: "M-1.2,0L-0.3,0M0.3,0L1.2,0",
  dotted: "M-1.2,0L-0.9,0M-0.5,0L-0.2,0M0.2,0L0.5,0M0.9,0L1.2,0",
  dashDotted: "M-1.2,0L-0.5,0M-0.15,0L0.15,0M0.5,0L1.2,0",
  cross: CROSS,
  bar: "M-0.8,-0.6L0.8,-0.6L0.8,0.6L-0.8,0.6Z",
} as const;

/** A legend below the frame that says what the marks are; it draws nothing else. */
export function keyLayers(entries: readonly KeyEntry[]): object[] {
  if (entries.length === 0) return [];
  const texts = entries.map(({ text }) => text);
  const legend = {
    title: null,
    orient: "bottom",
    direction: "vertical",
    labelLimit: 0,
    labelFontSize: 11,
    symbolStrokeColor: "black",
    symbolStrokeWidth: 1.5,
    rowPadding: 1,
  };
  const scale = { domain: texts, range: entries.map(({ symbol }) => SYMBOLS[symbol]) };
  return [
    {
      data: { values: texts.map((key) => ({ key })) },
      mark: { type: "point", opacity: 0, size: 60 },
      encoding: {
        x: { value: 0 },
        y: { value: 0 },
        shape: { field: "key", type: "nominal", sort: null, scale, legend },
      },
    },
  ];
}
