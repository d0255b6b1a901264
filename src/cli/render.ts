import { Resvg } from "@resvg/resvg-js";
import { createRequire } from "node:module";
import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import type { VegaLiteSpecification } from "../plot/specification.ts";

/** Pixels of a PNG per unit of the figure. */
const ZOOM = 2;

/** Draws a Vega-Lite specification as SVG. */
export async function renderSvg(figure: VegaLiteSpecification): Promise<string> {
  const view = new View(parse(compile(figure as unknown as TopLevelSpec).spec), { renderer: "none" });
  const svg = await view.toSVG();
  view.finalize();
  return `${svg}\n`;
}

/** Draws an SVG as PNG, with a font that comes along: text looks the same on machines without fonts. */
export function renderPng(svg: string): Uint8Array {
  const font = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  const image = new Resvg(svg, {
    fitTo: { mode: "zoom", value: ZOOM },
    background: "white",
    font: { fontFiles: [font], loadSystemFonts: false, defaultFontFamily: "DejaVu Sans" },
  });
  return image.render().asPng();
}
