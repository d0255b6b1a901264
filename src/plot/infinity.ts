import type { CheckedLook } from "./look.ts";

/** Pixels between the end of a scale and the place of ∞ on the right edge. */
export const ROOM_FOR_INFINITY = 30;

interface Place {
  readonly x: number;
  readonly y: number | null;
  readonly curve: string;
}

/** Values at x = ∞: dots on the right edge, whose tick is named. */
export function infinityLayers(
  data: readonly Place[],
  { y, color, look }: { readonly y: (field: string) => object; readonly color: object; readonly look: CheckedLook },
): object[] {
  const places = data.filter((datum) => datum.x === Infinity);
  if (places.length === 0) return [];
  const { width, height, fontSize } = look;
  const values = places.filter((datum) => datum.y !== null).map(({ y, curve }) => ({ y, curve }));
  const at = (below: number) => ({ x: { value: width }, y: { value: height + below } });
  return [
    {
      data: { values },
      mark: { type: "point", shape: "diamond", filled: true, size: 70, opacity: 1, stroke: "white", strokeWidth: 0.5 },
      encoding: { x: { value: width }, y: y("y"), color },
    },
    {
      data: { values: [{}] },
      mark: { type: "rule", color: "black" },
      encoding: { ...at(0), y2: { value: height + 5 } },
    },
    {
      data: { values: [{}] },
      mark: { type: "text", text: "∞", baseline: "top", fontSize: fontSize + 2, dy: 1, color: "black" },
      encoding: at(6),
    },
  ];
}
