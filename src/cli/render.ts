import { None, parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { VegaLiteSpecification } from "../plot/specification.ts";

/** A specification, compiled and evaluated. Its author was warned by the tests. */
export function viewOf(figure: VegaLiteSpecification): View {
  return new View(parse(compile(figure as unknown as TopLevelSpec).spec), { renderer: "none", logLevel: None });
}

/** Draws a Vega-Lite specification as SVG. */
export async function renderSvg(figure: VegaLiteSpecification): Promise<string> {
  const view = viewOf(figure);
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}
