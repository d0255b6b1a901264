import type { BranchEvent, SaddlePointRow } from "../equations/index.ts";
import { encodingOf, extent } from "./axes.ts";
import { requireFields, requireList } from "../errors.ts";
import { checkLook, configOf, type FigureLook } from "./look.ts";
import { PALETTE } from "./palette.ts";
import type { VegaLiteSpecification } from "./specification.ts";

/** Axes of {@link branchPlot}. */
export interface BranchPlotOptions extends FigureLook {
  /** The parameter along the horizontal axis. */
  readonly over: string;
  /** Unknowns and observables to draw; default every unknown. */
  readonly quantities?: readonly string[];
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/** Names of events as the figures have them. */
const EVENT_NAMES = {
  fold: "fold (spinodal)",
  crossing: "first-order transition",
  bifurcation: "continuous transition",
};
const EVENT_SHAPES = { fold: "circle", crossing: "diamond", bifurcation: "square" };

interface Datum {
  readonly x: number;
  readonly y: number | null;
  readonly quantity: string;
  readonly stable: string;
  readonly segment: string;
  readonly order: number;
}

/**
 * Vega-Lite specification of curves or branches of saddle points: solid where the plain map returns to the solution, dotted where
 * it does not, with the special points marked and named.
 *
 * @param branches rows of each branch, in its order
 * @example
 * const hysteresis = saddlePoint({
 *   unknowns: { m: { start: 0.9, min: -1, max: 1 } },
 *   parameters: { beta: 1.5, h: 0 },
 *   equations: { m: "tanh(beta*(m + h))" },
 * }).branch({ over: "h", from: 0.3, to: -0.3 });
 * branchPlot([hysteresis.rows], hysteresis.events, { over: "h" }).layer.length; // 2
 */
export function branchPlot(
  branches: readonly (readonly SaddlePointRow[])[],
  events: readonly BranchEvent[],
  options: BranchPlotOptions,
): VegaLiteSpecification & { readonly layer: readonly object[] } {
  requireList("branches", branches, "a list of lists of rows");
  requireList("events", events, "a list of events");
  requireFields("options", options, ["over"], "an object with the parameter that the branches run over");
  const { over, xTitle = symbolOf(over) } = options;
  const look = checkLook(options);
  const { title, width, height, fontSize, logX, logY } = look;
  const quantities = options.quantities ?? unknownsOf(branches);
  const values = branches.flatMap((rows, b) => quantities.flatMap((name) => dataOf(rows, over, name, b)));
  const marks = events.flatMap((event) => quantities.flatMap((name) => markOf(event, over, name)));
  const drawn = [...values, ...marks];
  const across = {
    domain: extent(
      drawn.map((datum) => datum.x),
      logX,
    ),
    range: look.xRange,
    logarithmic: logX,
  };
  const along = {
    domain: extent(
      drawn.map((datum) => datum.y),
      logY,
    ),
    range: look.yRange,
    logarithmic: logY,
  };
  const x = encodingOf({ title: xTitle, ...across })("x");
  const y = encodingOf({ title: options.yTitle ?? quantities.map(symbolOf).join(", "), ...along })("y");
  const color = {
    field: "quantity",
    type: "nominal",
    scale: { domain: quantities, range: quantities.map((_, i) => PALETTE[i % PALETTE.length]!) },
    legend: quantities.length > 1 ? { title: null } : null,
  };
  const strokeDash = {
    field: "stable",
    type: "nominal",
    scale: { domain: ["stable", "unstable"], range: [[1, 0], [2, 3]] }, // prettier-ignore
    legend: values.some(({ stable }) => stable === "unstable") ? { title: null } : null,
  };
  const labels = [...new Map(marks.map(({ label, shape: form }) => [label, form]))];
  const shape = {
    field: "label",
    type: "nominal",
    scale: { domain: labels.map(([label]) => label), range: labels.map(([, form]) => form) },
    legend: { title: null, labelLimit: 0, symbolFillColor: "black", symbolStrokeColor: "black" },
  };
  return {
    $schema: "https://vega.github.io/schema/vega-lite/v6.json",
    ...(title !== undefined && { title: { text: inLines(title) } }),
    width,
    height,
    layer: [
      {
        data: { values },
        mark: { type: "line", strokeWidth: 2, invalid: "break-paths-filter-domains" },
        encoding: { x, y, color, strokeDash, detail: { field: "segment" }, order: { field: "order" } },
      },
      {
        data: { values: marks },
        mark: { type: "point", filled: true, size: 55, opacity: 1, color: "black" },
        encoding: { x, y, shape },
      },
    ],
    config: configOf(fontSize),
  };
}

function unknownsOf(branches: readonly (readonly SaddlePointRow[])[]): string[] {
  const solved = branches.flat().find((row) => row.status === "converged");
  return solved?.status === "converged" ? Object.keys(solved.values) : [];
}

/** Stable and unstable parts are lines of their own; each begins where the one before it ends. */
function dataOf(rows: readonly SaddlePointRow[], over: string, name: string, branch: number): Datum[] {
  const data: Datum[] = [];
  let [part, before] = [0, undefined as Datum | undefined];
  rows.forEach((row, i) => {
    const x = row.parameters[over]!;
    const y = row.status === "converged" ? (row.values[name] ?? row.observables[name] ?? null) : null;
    const stable = row.status === "converged" && !row.stable ? "unstable" : "stable";
    const changes = before !== undefined && before.stable !== stable;
    if (changes) {
      part++;
      data.push({ ...before!, stable, segment: `${name} ${branch} ${part}`, order: before!.order + 0.5 });
    }
    before = { x, y, quantity: name, stable, segment: `${name} ${branch} ${part}`, order: i };
    data.push(before);
  });
  return data;
}

interface Mark {
  readonly x: number;
  readonly y: number;
  readonly shape: string;
  readonly label: string;
}

function markOf({ kind, parameters, values, other }: BranchEvent, over: string, name: string): Mark[] {
  const x = parameters[over]!;
  const label = `${EVENT_NAMES[kind]}, ${symbolOf(over)} = ${Number(x.toPrecision(6))}`;
  const heights = [values[name], typeof other === "object" ? other[name] : undefined];
  return heights.flatMap((y) => (y === undefined ? [] : [{ x, y, shape: EVENT_SHAPES[kind], label }]));
}

const GREEK: Readonly<Record<string, string>> = {
  ...{ alpha: "α", beta: "β", gamma: "γ", delta: "δ", Delta: "Δ", epsilon: "ε", eta: "η", theta: "θ", kappa: "κ" },
  ...{ lambda: "λ", mu: "μ", nu: "ν", rho: "ρ", sigma: "σ", tau: "τ", phi: "φ", psi: "ψ", omega: "ω" },
};

/** Letters of the Greek alphabet as such. */
const symbolOf = (name: string): string => GREEK[name] ?? name;

/** Of a title above the axes. */
const LINE_LENGTH = 56;

function inLines(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < LINE_LENGTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines;
}
