import { nearest } from "../numerics/distance.ts";
import type { GridSolver } from "./gridSolver.ts";
import type { RidgePoint } from "./limits.ts";
import type { WarmStart } from "./start.ts";

/** A search that goes to and fro needs one for every few decades of the ridge. */
const MOST = 6;

/** A grid and the last solution that it resolved. */
interface Kept {
  readonly grid: GridSolver;
  readonly start: WarmStart;
}

/** Grids that resolved solutions of one model, the latest first: one that is fit for small ridges is not the best for large ones. */
export class KeptGrids {
  private kept: readonly Kept[] = [];

  /** The grid whose last solution is nearest to a point, to start from there; of equally near ones the latest. */
  nearest(point: RidgePoint): GridSolver | undefined {
    const best = nearest(this.kept, ({ start }) => apart(start.at, point));
    return best?.grid.startingFrom(best.start);
  }

  keep(grid: GridSolver): void {
    const { start } = grid;
    if (start) this.kept = [{ grid, start }, ...this.kept.filter((other) => other.grid !== grid)].slice(0, MOST);
  }

  clear(): void {
    this.kept = [];
  }
}

/** By factors; the limits 0 and ∞ are nearest to the smallest and the largest. */
function apart(a: RidgePoint, b: RidgePoint): number {
  const by = (name: keyof RidgePoint) => Math.abs(logarithm(a[name]) - logarithm(b[name]));
  return by("sampleRatio") + by("widthRatio") + by("ridge");
}

function logarithm(value: number): number {
  return Math.log(Math.min(Number.MAX_VALUE, Math.max(Number.MIN_VALUE, value)));
}
