import { aliasingError } from "../../numerics/aliasing.ts";
import { gaussianDensity } from "../../numerics/gaussianRule.ts";
import type { Node, Scope } from "../graph/node.ts";
import { failure, GridMaker, type Host, TOLERANCE } from "./gridMaker.ts";
import { type Layout, moved, panelsOf, structureOf, united, valuesFor } from "./layout.ts";
import { gridOf, type PanelGrid } from "./panels.ts";
import type { Block, Reduction } from "./program.ts";
import { solveRoots } from "./roots.ts";
import type { Store } from "./store.ts";

/** `adapt` makes grids anew, `keep` takes those that are there, `refine` takes other nodes between theirs, whose averages tell the error. */
export type GridMode = "adapt" | "keep" | "refine";

/** The layout of a scope, and the one for the elements around that there are while the scopes around are refined. */
interface Layouts {
  own?: Layout;
  ofRefined?: Layout;
  /** Whether it takes panels. */
  isCut: boolean;
  /** The run in which each was made. */
  run: number;
}

/** Elements that are evaluated together where nothing inside is averaged: their values stay in the cache. */
const CHUNK = 4096;

/** Runs programs: makes the grids of averages, evaluates what is averaged on them, and sums. */
export class Engine implements Host {
  private readonly layouts = new Map<Scope, Layouts>();
  private readonly maker: GridMaker;
  private mode: GridMode = "adapt";
  /** Whether what runs is to make a grid around: panels inside are for elements that may not stay. */
  private probing = false;
  private seen: "jumped" | "smooth" = "smooth";
  /** Number of the last run that made grids anew. */
  private made = 0;

  constructor(readonly store: Store) {
    this.maker = new GridMaker(this);
  }

  /**
   * @returns "jumped" if a function jumped across its root: derivatives through it are no derivatives
   * @throws QuadratureError, ExpressionError with the place of an average or root that does not exist
   */
  run(block: Block, mode: GridMode): "jumped" | "smooth" {
    this.mode = mode;
    this.seen = "smooth";
    if (mode === "adapt") {
      this.made++;
      this.maker.forget();
    }
    this.runBlock(block);
    return this.seen;
  }

  runBlock(block: Block): void {
    const { length } = this.store.stateOf(block.scope);
    for (const step of block.steps) {
      if (step.kind === "values") step.run(length);
      else this.reduce(step);
    }
  }

  /** Runs a block on a grid of its scope, whose averages inside take grids that resolve them. */
  probe(block: Block, grid: PanelGrid): void {
    const { mode, probing } = this;
    this.mode = "adapt";
    this.probing = true;
    try {
      this.set(block.scope, grid);
      this.runBlock(block);
    } finally {
      this.mode = mode;
      this.probing = probing;
    }
  }

  private reduce(step: Reduction): void {
    const { over, nodes } = step;
    const parents = this.store.stateOf(over.parent!).length;
    if (over.kind === "root") {
      this.setRoots(step);
      this.runBlock(step.inner);
      for (const node of nodes) {
        const { body } = node;
        const values = this.store.values[body.id]!;
        const out = this.store.room(node, parents);
        for (let i = 0; i < parents; i++) out[i] = values[body.scope === over ? i : 0]!;
      }
      return;
    }
    const [layout, isNew] = this.layoutFor(step);
    const check = this.mode === "adapt" && !isNew && layout.kind === "equidistant";
    if (this.evaluate(step, this.gridFor(step, layout, parents), check)) return;
    const again = this.adapt(step, this.slots(over));
    this.evaluate(step, this.gridFor(step, again, parents), false);
  }

  /**
   * Averages on a grid, in parts where nothing inside is averaged.
   *
   * @param check whether equidistant nodes, made for other elements around, must prove themselves
   * @returns whether they did
   */
  private evaluate(step: Reduction, grid: PanelGrid, check: boolean): boolean {
    const { store } = this;
    const parents = store.stateOf(step.over.parent!).length;
    for (const node of step.nodes) store.room(node, parents).fill(0, 0, parents);
    const { length } = grid.variable;
    const count = length / parents;
    const size = step.isLeaf ? Math.max(1, Math.floor(CHUNK / count)) * Math.ceil(count) : length;
    for (let from = 0; from < length; from += size) {
      this.set(step.over, length <= size ? grid : partOf(grid, from, Math.min(length, from + size)));
      this.runBlock(step.inner);
      if (check && !this.resolves(step, count)) return false;
      for (const node of step.nodes) this.sum(node, node.body, step.over);
    }
    return true;
  }

  private sum(node: Node, body: Node, over: Scope): void {
    const { store } = this;
    const out = store.values[node.id]!;
    const values = store.values[body.id]!;
    const { length, parent, weights } = store.stateOf(over);
    const stride = body.scope === over ? 1 : 0;
    // Of weight zero, the value does not count, be it infinite.
    for (let i = 0; i < length;) {
      const p = parent[i]!;
      let total = 0;
      for (; i < length && parent[i] === p; i++) if (weights[i]! !== 0) total += weights[i]! * values[stride * i]!;
      out[p]! += total;
    }
  }

  private slots(over: Scope): Layouts {
    let slots = this.layouts.get(over);
    if (!slots) this.layouts.set(over, (slots = { isCut: false, run: 0 }));
    return slots;
  }

  /** The grid that is there, with panels moved to where cuts are now, or a new one. */
  private layoutFor(step: Reduction): [layout: Layout, isNew: boolean] {
    let slots = this.slots(step.over);
    const parents = this.store.stateOf(step.over.parent!).length;
    if (this.mode === "adapt" && slots.run !== this.made) {
      slots = { isCut: false, run: this.made };
      this.layouts.set(step.over, slots);
    }
    const isRefined = this.mode === "refine" && isAveragedAround(step.over);
    const known = isRefined && slots.own?.kind !== "equidistant" ? slots.ofRefined : slots.own;
    if (known?.kind === "equidistant") return [known, false];
    if (this.mode === "adapt" || known?.structures.length !== parents)
      return [this.adapt(step, slots, isRefined), true];
    if (!step.moving) return [known, false];
    return [this.keep(slots, this.panels(step, known), isRefined), false];
  }

  private keep(slots: Layouts, layout: Layout, isRefined: boolean): Layout {
    if (!this.probing || layout.kind === "equidistant") slots[isRefined ? "ofRefined" : "own"] = layout;
    return layout;
  }

  private adapt(step: Reduction, slots: Layouts, isRefined = false): Layout {
    // What did not take equidistant nodes a moment ago does not take them now.
    const rule = step.analytic && !slots.isCut ? this.maker.equidistant(step) : undefined;
    slots.isCut = !rule;
    return this.keep(slots, rule ? united(rule, slots.own) : this.panels(step), isRefined);
  }

  /** Panels for every element around; those known are taken where they can be moved to where cuts are now. */
  private panels(step: Reduction, known?: Layout & { readonly kind: "panels" }): Layout {
    const cuts = this.maker.cuts(step);
    const structures = cuts.map((list, parent) => known && moved(known.structures[parent]!, list));
    const missing = [...structures.keys()].filter((parent) => !structures[parent]);
    const panels = this.maker.panels(step, cuts, missing);
    return {
      kind: "panels",
      structures: structures.map((there, parent) => there ?? structureOf(cuts[parent]!, panels.get(parent)!)),
    };
  }

  /** Whether as many equidistant nodes for each element around resolve the averages at hand. */
  private resolves({ over, probed }: Reduction, count: number): boolean {
    const { length, weights } = this.store.stateOf(over);
    return probed.every(({ body }) => {
      if (body.scope !== over) return true;
      const values = this.store.values[body.id]!;
      for (let from = 0; from < length; from += count) {
        const [own, shares] = [values.subarray(from, from + count), weights.subarray(from, from + count)];
        let scale = 0;
        for (let i = 0; i < count; i++) scale += shares[i]! * Math.abs(own[i]!);
        const ends = shares[0]! * Math.abs(own[0]!) + shares[count - 1]! * Math.abs(own[count - 1]!);
        const error = Math.max(aliasingError(shares, own), ends);
        // An average that is not a number is not resolved, either.
        if (!(error <= TOLERANCE * scale)) return false;
      }
      return true;
    });
  }

  private gridFor({ over }: Reduction, layout: Layout, parents: number): PanelGrid {
    const isRefined = this.mode === "refine";
    const name = isRefined ? "between" : "grid";
    const known = layout[name];
    if (layout.kind === "panels") {
      return known ?? (layout[name] = gridOf(panelsOf(layout.structures), this.maker.charts(over), isRefined));
    }
    if (known && known.parent.at(-1) === parents - 1) return known;
    const shift = isRefined ? 1 : 0;
    const first = layout.first - 0.5 * shift * layout.step;
    return (layout[name] = equidistantGrid(first, layout.step, layout.count + shift, parents));
  }

  set(over: Scope, { parent, variable, weights }: PanelGrid): void {
    const state = this.store.stateOf(over);
    state.length = variable.length;
    state.parent = parent;
    state.variable = variable;
    state.weights = weights;
  }

  private setRoots(step: Reduction): void {
    const { over, guide } = step;
    const parents = this.store.stateOf(over.parent!).length;
    const ends = [over.low!, over.high!].map((end) => {
      const at = valuesFor(this.store, end, over.parent!);
      return Float64Array.from({ length: parents }, (_, p) => at(p));
    });
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
    const { roots, jumped } = solveRoots(f, ends[0]!, ends[1]!, (reason) => failure(step.nodes[0]!, reason));
    if (jumped) this.seen = "jumped";
    grid.variable = roots;
    this.set(over, grid);
  }
}

/** Whether a scope stands within an average or integral. */
function isAveragedAround({ parent }: Scope): boolean {
  for (let at = parent; at; at = at.parent) if (at.kind === "gaussian" || at.kind === "integral") return true;
  return false;
}

function partOf({ parent, variable, weights }: PanelGrid, from: number, to: number): PanelGrid {
  return {
    parent: parent.subarray(from, to),
    variable: variable.subarray(from, to),
    weights: weights.subarray(from, to),
  };
}

/** The trapezoid rule for the standard normal law, once for every element around. */
function equidistantGrid(first: number, step: number, count: number, parents: number): PanelGrid {
  const nodes = Float64Array.from({ length: count }, (_, i) => first + i * step);
  const density = nodes.map(gaussianDensity);
  const total = density.reduce((sum, value) => sum + value, 0);
  const shares = density.map((value) => value / total);
  const size = parents * count;
  const grid = { parent: new Int32Array(size), variable: new Float64Array(size), weights: new Float64Array(size) };
  for (let p = 0; p < parents; p++) {
    grid.parent.fill(p, p * count, (p + 1) * count);
    grid.variable.set(nodes, p * count);
    grid.weights.set(shares, p * count);
  }
  return grid;
}
