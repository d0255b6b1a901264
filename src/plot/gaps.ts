import type { CurveDatum } from "./linesAndCrosses.ts";

/** A datum, and how many mean channels have no penalty there. */
export interface Place {
  readonly datum: CurveDatum;
  readonly channels: number | undefined;
}

/**
 * The data of lines that break where the limit may jump: between points with other numbers of independent mean channels. A point
 * between two breaks stands alone, as does the only one of a line.
 */
export function withGaps(places: readonly Place[]): CurveDatum[] {
  const lines = new Map<string, Place[]>();
  for (const place of places) {
    const key = JSON.stringify([place.datum.curve, place.datum.theory]);
    lines.set(key, [...(lines.get(key) ?? []), place]);
  }
  const gaps: CurveDatum[] = [];
  const lone = new Set<Place>();
  for (const line of lines.values()) {
    const solved = line
      .filter(({ datum: { x, y } }) => y !== null && x !== Infinity)
      .sort((a, b) => a.datum.x - b.datum.x);
    const breaks = solved.map(({ channels }, i) => i === 0 || solved[i - 1]!.channels !== channels);
    solved.forEach((place, i) => {
      if (breaks[i] === true && breaks[i + 1] !== false) lone.add(place);
      const before = solved[i - 1];
      if (!before || breaks[i] !== true) return;
      const { curve, theory, x } = place.datum;
      const nothing = { y: null, simulated: null, low: null, high: null };
      gaps.push({ x: 0.5 * (before.datum.x + x), curve, theory, ...nothing });
    });
  }
  const data = places.map((place) => (lone.has(place) ? { ...place.datum, lone: true } : place.datum));
  return [...data, ...gaps];
}
