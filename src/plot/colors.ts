import { PALETTE } from "./palette.ts";

/** More curves than the palette has colours. */
const MANY = PALETTE.length;

/** Entries of a legend of many curves. */
const ENTRIES = 12;

/** A colour for each name, and their legend if there is one. */
export interface ColorEncoding {
  readonly field: string;
  readonly type: string;
  readonly scale: object;
  readonly sort: null;
  readonly legend: object | null;
}

/**
 * A colour for each curve and their legend: those of the palette, or shades in the curves' order where there are more of them.
 *
 * @param colors of curves that are not to take the palette's next
 */
export function colorEncoding(
  field: string,
  names: readonly string[],
  title: string | null,
  colors: Readonly<Record<string, string>> = {},
): ColorEncoding {
  const others = names.filter((name) => !Object.hasOwn(colors, name));
  const many = others.length > MANY && others.length === names.length;
  const colorOf = (name: string) => colors[name] ?? PALETTE[others.indexOf(name) % MANY]!;
  const stride = Math.ceil((names.length - 1) / (ENTRIES - 1));
  const shown = names.filter((_, i) => i % stride === 0 || i === names.length - 1);
  return {
    field,
    type: many ? "ordinal" : "nominal",
    scale: many
      ? // Its last tenth is too light for lines on white.
        { domain: names, scheme: { name: "viridis", extent: [0, 0.9], count: names.length } }
      : { domain: names, range: names.map(colorOf) },
    sort: null,
    legend:
      names.length > 1 || (title ?? "") !== ""
        ? // Without a limit of Vega's, which cuts names.
          { title, symbolType: "stroke", labelLimit: 0, ...(many && names.length > ENTRIES && { values: shown }) }
        : null,
  };
}
