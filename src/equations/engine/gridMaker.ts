import { placeAt } from "../../activation/formula/language/syntax.ts";
import { ExpressionError, QuadratureError } from "../../errors.ts";
import { adaptiveTrapezoid } from "../../numerics/adaptiveTrapezoid.ts";
import type { Node, Scope } from "../graph/node.ts";
import { breakCuts } from "./breakCuts.ts";
import { type Chart, GAUSSIAN, intervalChart } from "./chart.ts";
import { moved, placeOf, type Structure, structureOf, valuesFor } from "./layout.ts";
import { adaptPanels, type Panel, type PanelGrid, type PanelProblem } from "./panels.ts";
import type { Block, Reduction } from "./program.ts";
import type { Store } from "./store.ts";

/** Largest error of an average relative to that of the absolute value. */
export const TOLERANCE = 1e-13;
/** More nodes for every element around than panels would need. */
const MOST_SHARED_NODES = 400;
/** Elements around whose panels are made together. */
const GROUP = 256;

/** What evaluates integrands on grids. */
export interface Host {
  readonly store: Store;
  probe(block: Block, grid: PanelGrid): void;
}

interface Rule {
  readonly first: number;
  readonly step: number;
  readonly count: number;
}

/** Makes grids that resolve averages. */
export class GridMaker {
  /** Panels of elements by where these are, for others near them to begin with. */
  private readonly donors = new Map<Scope, Map<string, Structure>>();

  constructor(private readonly host: Host) {}

  /** What was made for other numbers is no longer a beginning. */
  forget(): void {
    this.donors.clear();
  }

  /** The trapezoid rule for analytic integrands, the same for all elements around; undefined where panels are better. */
  equidistant(step: Reduction): Rule | undefined {
    const { over, probe, probed } = step;
    const { store } = this.host;
    const parents = store.stateOf(over.parent!).length;
    const lines = new Map<number, { values: readonly Float64Array[]; index: number; count: number }>();
    const take = (places: readonly number[]): readonly Float64Array[] => {
      this.host.probe(probe, productGrid(places, parents));
      return probed.map(({ body }) => {
        const values = store.values[body.id]!;
        const size = parents * places.length;
        return body.scope === over ? values.slice(0, size) : new Float64Array(size).fill(values[0]!);
      });
    };
    const prepare = (places: readonly number[]): void => {
      const values = take(places);
      places.forEach((z, index) => lines.set(z, { values, index, count: places.length }));
    };
    const sample = (z: number, out: Float64Array): void => {
      const { values, index, count } = lines.get(z) ?? { values: take([z]), index: 0, count: 1 };
      values.forEach((list, b) => {
        for (let p = 0; p < parents; p++) out[b * parents + p] = list[p * count + index]!;
      });
    };
    try {
      const dimension = parents * probed.length;
      const name = nameOf(probed[0]!);
      const rule = adaptiveTrapezoid(sample, {
        dimension,
        tolerance: TOLERANCE,
        name,
        prepare,
        thrifty: parents === 1 && step.isLeaf,
      });
      const count = rule?.nodes.length ?? Infinity;
      if (!rule || (parents > 1 && count > MOST_SHARED_NODES)) return undefined;
      return { first: rule.nodes[0]!, step: rule.nodes[1]! - rule.nodes[0]!, count };
    } catch (error) {
      // Panels find out whether it is at a node that the integrand is undefined, or altogether.
      if (error instanceof QuadratureError && !error.place) return undefined;
      throw error;
    }
  }

  /** Where panels are cut, for every element around. */
  cuts(step: Reduction): readonly (readonly number[])[] {
    return breakCuts(this.host.store, step, this.charts(step.over), (grid) => this.host.probe(step.guide, grid));
  }

  /** Panels that resolve the averages of some elements around. */
  panels(step: Reduction, cuts: readonly (readonly number[])[], parents: readonly number[]): Map<number, Panel[]> {
    const { over, probe, probed } = step;
    const { store } = this.host;
    const charts = this.charts(over);
    const donors = this.donors.get(over) ?? new Map<string, Structure>();
    this.donors.set(over, donors);
    const places = new Map(parents.map((parent) => [parent, placeOf(store, over.parent!, parent)]));
    const found = new Map<number, Panel[]>();
    for (let from = 0; from < parents.length; from += GROUP) {
      const group = parents.slice(from, from + GROUP);
      const problem: PanelProblem = {
        ...{ bodies: probed.length, parents: group, gaussian: over.kind === "gaussian", tolerance: TOLERANCE, charts },
        cuts: (parent) => cuts[parent]!,
        known: (parent) => {
          const donor = donors.get(places.get(parent)!);
          return donor && moved(donor, cuts[parent]!)?.edges;
        },
        sample: (grid) => {
          this.host.probe(probe, grid);
          return probed.map(({ body }) => {
            const values = store.values[body.id]!;
            return body.scope === over ? values : new Float64Array(grid.variable.length).fill(values[0]!);
          });
        },
        fail: (reason, body, at) => failure(probed[body]!, reason, at),
      };
      for (const [parent, panels] of adaptPanels(problem)) {
        found.set(parent, panels);
        donors.set(places.get(parent)!, structureOf(cuts[parent]!, panels));
      }
    }
    return found;
  }

  charts(over: Scope): (parent: number) => Chart {
    if (over.kind === "gaussian") return () => GAUSSIAN;
    const ends = [over.low!, over.high!].map((end) => valuesFor(this.host.store, end, over.parent!));
    const known: Chart[] = [];
    return (parent) => (known[parent] ??= intervalChart(ends[0]!(parent), ends[1]!(parent)));
  }
}

/** Every place for every element around. */
function productGrid(places: readonly number[], parents: number): PanelGrid {
  const size = parents * places.length;
  const grid = { parent: new Int32Array(size), variable: new Float64Array(size), weights: new Float64Array(size) };
  for (let p = 0; p < parents; p++) {
    grid.parent.fill(p, p * places.length, (p + 1) * places.length);
    grid.variable.set(places, p * places.length);
  }
  return grid;
}

function nameOf(node: Node): string {
  const { origin } = node;
  return origin ? origin.source.text.slice(origin.start, origin.end) : "a derivative";
}

/** The error of an average, or root, that does not exist, with its place in the formula. */
export function failure(node: Node, reason: string, at?: number): QuadratureError | ExpressionError {
  const place = node.origin && placeAt(node.origin.source.text, node.origin.start);
  const isRoot = node.kind === "reduce" && node.over.kind === "root";
  if (isRoot && node.origin)
    return new ExpressionError(node.origin.source.text, reason, node.origin.source.name, place);
  return new QuadratureError(nameOf(node), reason, at, place, node.origin?.source.name);
}
