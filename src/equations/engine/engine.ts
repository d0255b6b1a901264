import { ExpressionError, QuadratureError } from "../../errors.ts";
import { adaptiveTrapezoid } from "../../numerics/adaptiveTrapezoid.ts";
import { gaussianDensity } from "../../numerics/gaussianRule.ts";
import type { Node, Scope } from "../graph/node.ts";
import { placeAt } from "../../activation/formula/language/syntax.ts";
import { breakCuts } from "./breakCuts.ts";
import { type Chart, GAUSSIAN, intervalChart } from "./chart.ts";
import { adaptPanels, bisected, gridOf, type Panel, type PanelGrid, type PanelProblem } from "./panels.ts";
import type { Block, Reduction } from "./program.ts";
import { solveRoots } from "./roots.ts";
import type { Store } from "./store.ts";

/** The grid of a scope: equidistant nodes that all elements around share, or panels of each. */
type Layout = { readonly grids: { keep?: PanelGrid; refine?: PanelGrid } } & (
  | { readonly kind: "equidistant"; readonly first: number; readonly step: number; readonly count: number }
  | { readonly kind: "panels"; readonly panels: readonly Panel[]; readonly parents: number }
);

/** `adapt` makes grids anew, `keep` takes those that are there, `refine` takes their nodes between the nodes. */
export type GridMode = "adapt" | "keep" | "refine";

/** Largest error of an average relative to that of the absolute value. */
const TOLERANCE = 1e-13;
/** More nodes for every element around than panels would need. */
const MOST_SHARED_NODES = 400;

/** Runs programs: makes the grids of averages, evaluates what is averaged on them, and sums. */
export class Engine {
  private readonly layouts = new Map<Scope, Layout>();
  private mode: GridMode = "adapt";
  private seen: "jumped" | "smooth" = "smooth";

  constructor(readonly store: Store) {}

  /**
   * @returns "jumped" if a function jumped across its root: derivatives through it are no derivatives
   * @throws QuadratureError, ExpressionError with the place of an average or root that does not exist
   */
  run(block: Block, mode: GridMode): "jumped" | "smooth" {
    this.mode = mode;
    this.seen = "smooth";
    this.runBlock(block);
    return this.seen;
  }

  private runBlock(block: Block): void {
    const { length } = this.store.stateOf(block.scope);
    for (const step of block.steps) {
      if (step.kind === "values") step.run(length);
      else this.reduce(step);
    }
  }

  private reduce(step: Reduction): void {
    const { over } = step;
    if (over.kind === "root") {
      this.setRoots(step);
    } else {
      const known = this.layouts.get(over);
      const parents = this.store.stateOf(over.parent!).length;
      const stale = known?.kind === "panels" && (step.moving || known.parents !== parents);
      const layout = known && this.mode !== "adapt" && !stale ? known : this.adapt(step, known);
      this.layouts.set(over, layout);
      this.setGrid(step, layout);
    }
    this.runBlock(step.inner);
    for (const node of step.nodes) this.sum(node, node.body, over);
  }

  private sum(node: Node, body: Node, over: Scope): void {
    const { store } = this;
    const parents = store.stateOf(over.parent!).length;
    const out = store.room(node, parents);
    const values = store.values[body.id]!;
    const { length, parent, weights } = store.stateOf(over);
    const single = body.scope !== over;
    if (over.kind === "root") {
      for (let i = 0; i < parents; i++) out[i] = values[i]!;
    } else if (parents === 1) {
      let total = 0;
      // Of weight zero, the value does not count, be it infinite.
      for (let i = 0; i < length; i++) if (weights[i]! !== 0) total += weights[i]! * values[single ? 0 : i]!;
      out[0] = total;
    } else {
      out.fill(0, 0, parents);
      for (let i = 0; i < length; i++) if (weights[i]! !== 0) out[parent[i]!]! += weights[i]! * values[single ? 0 : i]!;
    }
  }

  private setGrid(step: Reduction, layout: Layout): void {
    const { over } = step;
    const mode = this.mode === "refine" ? "refine" : "keep";
    const parents = this.store.stateOf(over.parent!).length;
    let grid = layout.grids[mode];
    if (layout.kind === "panels") {
      grid ??= gridOf(mode === "refine" ? layout.panels.flatMap(bisected) : layout.panels, this.charts(over));
    } else if (grid?.parent.at(-1) !== parents - 1) {
      const shift = mode === "refine" ? 1 : 0;
      grid = equidistantGrid(layout.first - 0.5 * shift * layout.step, layout.step, layout.count + shift, parents);
    }
    layout.grids[mode] = grid;
    this.set(over, grid);
  }

  private set(over: Scope, { parent, variable, weights }: PanelGrid): void {
    Object.assign(this.store.stateOf(over), { length: variable.length, parent, variable, weights });
  }

  private adapt(step: Reduction, known: Layout | undefined): Layout {
    const mode = this.mode;
    // What did not take equidistant nodes a moment ago does not take them now.
    const cutBefore = known?.kind === "panels" && mode !== "adapt";
    this.mode = "adapt";
    try {
      const analytic = step.conditions.every(({ kind }) => kind === "step" || kind === "peak");
      const smooth = step.over.kind === "gaussian" && analytic && !cutBefore;
      return (smooth ? this.equidistant(step) : undefined) ?? this.panels(step);
    } finally {
      this.mode = mode;
    }
  }

  /** The trapezoid rule for analytic integrands, the same for all elements around. */
  private equidistant(step: Reduction): Layout | undefined {
    const { over, probe, probed } = step;
    const parents = this.store.stateOf(over.parent!).length;
    const bodies = probed.map(({ body }) => body);
    const grid = {
      parent: Int32Array.from({ length: parents }, (_, p) => p),
      variable: new Float64Array(parents),
      weights: new Float64Array(parents),
    };
    const sample = (z: number, out: Float64Array): void => {
      grid.variable.fill(z);
      this.set(over, grid);
      this.runBlock(probe);
      bodies.forEach((body, b) => {
        const values = this.store.values[body.id]!;
        for (let p = 0; p < parents; p++) out[b * parents + p] = values[body.scope === over ? p : 0]!;
      });
    };
    try {
      const dimension = parents * bodies.length;
      const rule = adaptiveTrapezoid(sample, { dimension, tolerance: TOLERANCE, name: nameOf(probed[0]!) });
      const count = rule?.nodes.length ?? Infinity;
      if (!rule || (parents > 1 && count > MOST_SHARED_NODES)) return undefined;
      return { kind: "equidistant", grids: {}, first: rule.nodes[0]!, step: rule.nodes[1]! - rule.nodes[0]!, count };
    } catch (error) {
      // Panels find out whether it is at a node that the integrand is undefined, or altogether.
      if (error instanceof QuadratureError && !error.place) return undefined;
      throw error;
    }
  }

  private panels(step: Reduction): Layout {
    const { over, probe, probed } = step;
    const parents = this.store.stateOf(over.parent!).length;
    const charts = this.charts(over);
    const cuts = breakCuts(this.store, step, charts, (grid) => {
      this.set(over, grid);
      this.runBlock(step.guide);
    });
    const problem: PanelProblem = {
      ...{ bodies: probed.length, parents, gaussian: over.kind === "gaussian", tolerance: TOLERANCE, charts },
      cuts: (parent) => cuts[parent]!,
      sample: (grid) => {
        this.set(over, grid);
        this.runBlock(probe);
        return probed.map(({ body }) => {
          const values = this.store.values[body.id]!;
          return body.scope === over ? values : new Float64Array(grid.variable.length).fill(values[0]!);
        });
      },
      fail: (reason, at) => failure(probed[0]!, reason, at),
    };
    const panels = adaptPanels(problem).sort((a, b) => a.parent - b.parent || a.left - b.left);
    return { kind: "panels", grids: {}, panels, parents };
  }

  private charts(over: Scope): (parent: number) => Chart {
    if (over.kind === "gaussian") return () => GAUSSIAN;
    const ends = [over.low!, over.high!].map((end) => this.ofParents(end, over.parent!));
    const known: Chart[] = [];
    return (parent) => (known[parent] ??= intervalChart(ends[0]!(parent), ends[1]!(parent)));
  }

  /** Values of a node for the elements of a scope with which, or with one around which, it varies. */
  private ofParents(node: Node, scope: Scope): (parent: number) => number {
    const values = this.store.values[node.id]!;
    const chain: Int32Array[] = [];
    for (let at = scope; at !== node.scope; at = at.parent!) chain.push(this.store.stateOf(at).parent);
    return (parent) => values[node.scope.kind === "point" ? 0 : chain.reduce((index, list) => list[index]!, parent)]!;
  }

  private setRoots(step: Reduction): void {
    const { over, guide } = step;
    const parents = this.store.stateOf(over.parent!).length;
    const [low, high] = [this.ofParents(over.low!, over.parent!), this.ofParents(over.high!, over.parent!)];
    const grid: PanelGrid = {
      parent: Int32Array.from({ length: parents }, (_, p) => p),
      variable: new Float64Array(parents),
      weights: new Float64Array(parents).fill(1),
    };
    const f = (u: Float64Array): Float64Array => {
      grid.variable = u;
      this.set(over, grid);
      this.runBlock(guide);
      const values = this.store.values[over.equation!.id]!;
      return over.equation!.scope === over ? values : new Float64Array(parents).fill(values[0]!);
    };
    const ends = [low, high].map((end) => Float64Array.from({ length: parents }, (_, p) => end(p)));
    const { roots, jumped } = solveRoots(f, ends[0]!, ends[1]!, (reason) => failure(step.nodes[0]!, reason));
    if (jumped) this.seen = "jumped";
    grid.variable = roots;
    this.set(over, grid);
  }
}

/** The trapezoid rule for the standard normal law, once for every element around. */
function equidistantGrid(first: number, step: number, count: number, parents: number): PanelGrid {
  const nodes = Float64Array.from({ length: count }, (_, i) => first + i * step);
  const density = nodes.map(gaussianDensity);
  const total = density.reduce((sum, value) => sum + value, 0);
  const size = parents * count;
  const grid = { parent: new Int32Array(size), variable: new Float64Array(size), weights: new Float64Array(size) };
  for (let p = 0; p < parents; p++) {
    grid.parent.fill(p, p * count, (p + 1) * count);
    grid.variable.set(nodes, p * count);
    for (let i = 0; i < count; i++) grid.weights[p * count + i] = density[i]! / total;
  }
  return grid;
}

function nameOf(node: Node): string {
  const { origin } = node;
  return origin ? origin.source.text.slice(origin.start, origin.end) : "a derivative";
}

function failure(node: Node, reason: string, at?: number): QuadratureError | ExpressionError {
  const place = node.origin && placeAt(node.origin.source.text, node.origin.start);
  const isRoot = node.kind === "reduce" && node.over.kind === "root";
  if (isRoot && node.origin)
    return new ExpressionError(node.origin.source.text, reason, node.origin.source.name, place);
  return new QuadratureError(nameOf(node), reason, at, place);
}
