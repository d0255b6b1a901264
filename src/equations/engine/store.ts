import type { Node, Scope } from "../graph/node.ts";

/** The elements of a scope at the moment: its variable, weights, and which element of the scope around each belongs to. */
export interface ScopeState {
  length: number;
  parent: Int32Array;
  variable: Float64Array;
  weights: Float64Array;
}

/** Values of nodes on the elements of their scopes, by the numbers of nodes and scopes: scratch memory that grows. */
export class Store {
  readonly values: Float64Array[] = [];
  /** Values of a node for the elements of an inner scope, by both numbers. */
  private readonly lifted = new Map<string, Float64Array>();
  readonly scopes: ScopeState[] = [];

  constructor(readonly inputs: Float64Array) {}

  stateOf(scope: Scope): ScopeState {
    return (this.scopes[scope.id] ??= {
      length: scope.kind === "point" ? 1 : 0,
      parent: new Int32Array(1),
      variable: new Float64Array(1),
      weights: new Float64Array(1),
    });
  }

  /** Memory for the values of a node. */
  room(node: Node, length: number): Float64Array {
    let values = this.values[node.id];
    if (!values || values.length < length) {
      values = new Float64Array(Math.max(length, 2 * (values?.length ?? 0)));
      this.values[node.id] = values;
    }
    return values;
  }

  roomLifted(key: string, length: number): Float64Array {
    let values = this.lifted.get(key);
    if (!values || values.length < length) {
      values = new Float64Array(Math.max(length, 2 * (values?.length ?? 0)));
      this.lifted.set(key, values);
    }
    return values;
  }
}
