/** What the live notebook imports: the library, and its figures as SVG. */
export * from "../../src/index.ts";
export { renderSvg } from "../../src/cli/render.ts";
