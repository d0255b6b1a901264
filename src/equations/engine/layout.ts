import type { Node, Scope } from "../graph/node.ts";
import type { Panel, PanelGrid } from "./panels.ts";
import type { Store } from "./store.ts";

/** Panels of one element around: the cuts that they respect, and their edges, ascending. */
export interface Structure {
  readonly cuts: readonly number[];
  readonly edges: readonly number[];
}

/** The grid of a scope: equidistant nodes that all elements around share, or panels of each. */
export type Layout = { grid?: PanelGrid; between?: PanelGrid } & (
  | { readonly kind: "equidistant"; readonly first: number; readonly step: number; readonly count: number }
  | { readonly kind: "panels"; readonly structures: readonly Structure[] }
);

/** The same panels for cuts that moved, relative to the cuts; beyond the outermost they stay. Undefined if cuts came or went. */
export function moved({ cuts: old, edges }: Structure, cuts: readonly number[]): Structure | undefined {
  if (old.length !== cuts.length) return undefined;
  let k = 0;
  const mapped = edges.map((edge) => {
    while (k < old.length && old[k]! < edge) k++;
    if (k < old.length && old[k] === edge) return cuts[k]!;
    if (k === 0 || k === old.length) return edge;
    const share = (edge - old[k - 1]!) / (old[k]! - old[k - 1]!);
    return cuts[k - 1]! + share * (cuts[k]! - cuts[k - 1]!);
  });
  return { cuts, edges: mapped.filter((edge, i) => i === 0 || edge > mapped[i - 1]!) };
}

export function structureOf(cuts: readonly number[], panels: readonly Panel[]): Structure {
  const last = panels.at(-1);
  // An integral from a number to itself has none.
  return { cuts, edges: last ? [...panels.map(({ left }) => left), last.right] : [] };
}

export function panelsOf(structures: readonly Structure[]): Panel[] {
  return structures.flatMap(({ edges }, parent) =>
    edges.slice(1).map((right, i) => ({ parent, left: edges[i]!, right })),
  );
}

/** Of a node's number, which is whole where the steps are multiples of each other. */
const ROUNDING = 1e-6;

/** One equidistant rule that reaches as far as both of two and has the smaller step. */
export function united(
  a: { readonly first: number; readonly step: number; readonly count: number },
  b: Layout | undefined,
): Layout {
  if (b?.kind !== "equidistant") return { kind: "equidistant", ...a };
  const step = Math.min(a.step, b.step);
  const low = Math.floor(Math.min(a.first, b.first) / step + ROUNDING);
  const end = (rule: typeof a): number => Math.ceil((rule.first + (rule.count - 1) * rule.step) / step - ROUNDING);
  return { kind: "equidistant", first: low * step, step, count: Math.max(end(a), end(b)) - low + 1 };
}

/** Elements whose variables agree to this fraction of their size have much the same panels. */
const BUCKETS = 8;

/** Where an element of a scope is among the others: its variable and those around, coarsely. */
export function placeOf(store: Store, scope: Scope, element: number): string {
  let key = "";
  let index = element;
  for (let at = scope; at.parent; at = at.parent) {
    const { variable, parent } = store.stateOf(at);
    key += `${Math.round(BUCKETS * Math.asinh(variable[index]!))} `;
    index = parent[index]!;
  }
  return key;
}

/** Values of a node for the elements of a scope with which, or with one around which, it varies. */
export function valuesFor(store: Store, node: Node, scope: Scope): (element: number) => number {
  const values = store.values[node.id]!;
  const chain: Int32Array[] = [];
  for (let at = scope; at !== node.scope; at = at.parent!) chain.push(store.stateOf(at).parent);
  return (element) => values[node.scope.kind === "point" ? 0 : chain.reduce((index, list) => list[index]!, element)]!;
}
