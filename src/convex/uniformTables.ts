import type { Rows } from "../problem/rows.ts";
import { type Table, tabulate } from "../problem/table.ts";
import type { GridRule } from "../numerics/gaussianRule.ts";

/** Tables that are kept. */
const MOST = 24;

/** The tables of one model on equidistant nodes: a sweep comes back to them, point after point. */
export class UniformTables {
  private readonly known = new Map<string, Table>();

  constructor(private readonly rows: Rows) {}

  on(rule: GridRule): Table {
    const { nodes } = rule;
    const name = `${nodes[0]}, ${nodes[1]}, ${nodes.length}`;
    let table = this.known.get(name);
    if (!table) {
      if (this.known.size >= MOST) this.known.clear();
      this.rows.prepare([...nodes]);
      this.known.set(name, (table = tabulate(this.rows, rule)));
    }
    return table;
  }
}
