import { createCanvas, GlobalFonts, PDFDocument } from "@napi-rs/canvas";
import { createRequire } from "node:module";
import type { View } from "vega";
import type { VegaLiteSpecification } from "../plot/specification.ts";
import { viewOf } from "./render.ts";

/** Pixels of a PNG per unit of the figure. */
const ZOOM = 2;

/** Draws a Vega-Lite specification as PNG. */
export async function renderPng(figure: VegaLiteSpecification): Promise<Uint8Array> {
  const { view, width, height } = await sized(figure);
  const canvas = createCanvas(Math.ceil(width * ZOOM), Math.ceil(height * ZOOM));
  await drawOn(view, canvas.getContext("2d"), ZOOM);
  return canvas.encode("png");
}

/** Draws a Vega-Lite specification as a page of PDF of its size, lines and text as such. */
export async function renderPdf(figure: VegaLiteSpecification): Promise<Uint8Array> {
  const { view, width, height } = await sized(figure);
  const document = new PDFDocument();
  await drawOn(view, document.beginPage(width, height), 1);
  document.endPage();
  return document.close();
}

/** A view and its size, with a font that comes along: text looks the same on machines without fonts. */
async function sized(figure: VegaLiteSpecification) {
  const font = createRequire(import.meta.url).resolve("dejavu-fonts-ttf/ttf/DejaVuSans.ttf");
  GlobalFonts.registerFromPath(font, "DejaVu Sans");
  const view = viewOf(figure);
  const [, width, height] = /width="([\d.]+)" height="([\d.]+)"/.exec(await view.toSVG())!;
  return { view, width: Number(width), height: Number(height) };
}

async function drawOn(view: View, context: unknown, zoom: number): Promise<void> {
  // Vega's own types ask for a context of a browser.
  const draw = view.toCanvas.bind(view) as (zoom: number, options: { externalContext: unknown }) => Promise<unknown>;
  await draw(zoom, { externalContext: context });
  view.finalize();
}
