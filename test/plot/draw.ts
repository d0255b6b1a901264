import { parse, View } from "vega";
import { compile, type TopLevelSpec } from "vega-lite";
import { expect, vi } from "vitest";
import type { VegaLiteSpecification } from "../../src/plot/specification.ts";

/** Draws a specification as SVG; warnings are failures. */
export async function draw(figure: VegaLiteSpecification): Promise<string> {
  const warn = vi.fn();
  const logger = { warn, info: vi.fn(), debug: vi.fn(), error: warn, level: () => logger } as never;
  const { spec } = compile(figure as unknown as TopLevelSpec, { logger });
  expect(warn.mock.calls).toEqual([]);
  const svg = await new View(parse(spec), { renderer: "none", logger }).toSVG();
  expect(warn.mock.calls).toEqual([]);
  return svg;
}

/** The groups of marks of a kind, axes and legends apart. */
export function marks(svg: string, kind: string): string[] {
  return [...svg.matchAll(new RegExp(`<g class="mark-${kind} role-mark[^>]*>(.*?)</g>`, "gs"))].map(
    (match) => match[1]!,
  );
}
