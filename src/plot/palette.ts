/** Colours that stay apart for colour-blind readers and in print (Okabe and Ito), darkest first. */
export const PALETTE = [
  "#0072B2",
  "#D55E00",
  "#009E73",
  "#CC79A7",
  "#E69F00",
  "#56B4E9",
  "#000000",
  "#999933",
] as const;

/** For a truth that curves approach. */
export const BLACK = "#000000";

/** For what is no curve. */
export const GREY = "#555555";

/** The look of the papers' figures: black frame, no grid, ticks and text in one plain face. */
export const CONFIG = {
  background: "white",
  font: "DejaVu Sans, Helvetica, Arial, sans-serif",
  view: { stroke: "black" },
  axis: {
    grid: false,
    domain: false,
    tickColor: "black",
    labelColor: "black",
    titleColor: "black",
    labelFontSize: 12,
    titleFontSize: 14,
    titleFontWeight: "normal",
    titlePadding: 8,
  },
  legend: { labelFontSize: 12, titleFontSize: 14, titleFontWeight: "normal", symbolStrokeWidth: 2, symbolOpacity: 1 },
  title: { fontSize: 14, fontWeight: "normal" },
} as const;
