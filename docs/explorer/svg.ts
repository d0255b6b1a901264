import { isPoints, POINT_SHAPES, type Role, type Scene, type Series } from "./chart.ts";

/** Colours of a file: dark on white, apart for the colour-blind. The page has its own, in style sheets. */
const COLORS: Readonly<Record<Role, string>> = {
  network: "#0072B2",
  srf: "#D55E00",
  reference: "#666666",
  line0: "#0072B2",
  line1: "#D55E00",
  line2: "#009E73",
  line3: "#CC79A7",
  line4: "#8A6D00",
  line5: "#56B4E9",
};
/** The surrogate is a pale band behind the network's line, so that both are seen where they agree. */
const WIDE = 5;
const DASHES = { solid: "", dashed: "6 4", dotted: "1.5 4", points: "", rings: "" } as const;

/** A scene as a file of its own, with title and legend. */
export function svgFile(scene: Scene): string {
  const { width, height, frame, description } = scene;
  const legend = legendRows(description.series, width);
  const top = 26 + 18 * legend.length;
  const text = (x: number, y: number, body: string, more = "") =>
    `<text x="${x}" y="${y}" ${more}>${escape(body)}</text>`;
  const middle = (frame.left + frame.right) / 2;
  const center = (frame.top + frame.bottom) / 2;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height + top}" viewBox="0 0 ${width} ${height + top}" font-family="Helvetica, Arial, sans-serif" font-size="12" fill="#111">`,
    `<title>${escape(description.title)}</title>`,
    `<rect width="100%" height="100%" fill="white"/>`,
    text(frame.left, 18, description.title, `font-size="14"`),
    ...legend.flatMap((row, i) => row.map(({ series, x }) => legendEntry(series, x, 36 + 18 * i))),
    `<g transform="translate(0 ${top})">`,
    `<clipPath id="frame"><rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}"/></clipPath>`,
    `<g clip-path="url(#frame)">`,
    ...scene.shapes.map(
      ({ series, path }) => `<path d="${path}" ${strokeOf(series)}><title>${escape(series.label)}</title></path>`,
    ),
    `</g>`,
    ...scene.marks.map(
      ({ path, label, x, y, anchor }) =>
        `<path d="${path}"/>${label && text(x, y, label, `text-anchor="${anchor}" font-size="11"`)}`,
    ),
    `<rect x="${frame.left}" y="${frame.top}" width="${frame.right - frame.left}" height="${frame.bottom - frame.top}" fill="none" stroke="#111"/>`,
    ...scene.xTicks.map(
      ({ at, label }) =>
        `<path d="M${at},${frame.bottom}v5" stroke="#111"/>${text(at, frame.bottom + 18, label, `text-anchor="middle"`)}`,
    ),
    ...scene.yTicks.map(
      ({ at, label }) =>
        `<path d="M${frame.left},${at}h-5" stroke="#111"/>${text(frame.left - 8, at + 4, label, `text-anchor="end"`)}`,
    ),
    text(middle, frame.bottom + 37, description.x.title, `text-anchor="middle" font-size="13"`),
    text(14, center, description.y.title, `text-anchor="middle" font-size="13" transform="rotate(-90 14 ${center})"`),
    `</g>`,
    `</svg>`,
  ].join("\n");
}

function strokeOf({ role, style }: Series): string {
  const dash = DASHES[style] && ` stroke-dasharray="${DASHES[style]}"`;
  const width = isPoints(style) ? 1.5 : role === "srf" ? WIDE : 2;
  const opacity = role === "srf" && !isPoints(style) ? ` stroke-opacity="0.5"` : "";
  return `fill="none" stroke="${COLORS[role]}" stroke-width="${width}"${opacity}${dash}`;
}

/** Legend entries in as many rows as they need. */
function legendRows(series: readonly Series[], width: number): { series: Series; x: number }[][] {
  const rows: { series: Series; x: number }[][] = [[]];
  let x = 58;
  for (const item of series) {
    const length = 44 + 6.6 * item.label.length;
    if (x + length > width && rows.at(-1)!.length > 0) {
      rows.push([]);
      x = 58;
    }
    rows.at(-1)!.push({ series: item, x });
    x += length;
  }
  return rows;
}

function legendEntry(series: Series, x: number, y: number): string {
  const shape = isPoints(series.style) ? `M${x + 12},${y - 4}${POINT_SHAPES[series.style]}` : `M${x},${y - 4}h24`;
  return `<path d="${shape}" ${strokeOf(series)}/><text x="${x + 30}" y="${y}">${escape(series.label)}</text>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
