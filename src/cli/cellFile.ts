import { closeSync, existsSync, ftruncateSync, openSync, readFileSync, writeSync } from "node:fs";
import { canonicalJson } from "../simulation/canonical.ts";
import { parseJson } from "../json/cases.ts";
import type { MapCell } from "../tuning/map.ts";
import { version } from "../version.ts";
import { FileError, reasonOf } from "./io.ts";

/** A point of a map in a file; its place as text, which knows "Infinity". */
interface StoredCell {
  readonly x: string;
  readonly y: string;
  readonly cell: MapCell;
}

/**
 * A JSON Lines file of the cells of a map, each written as soon as it is solved: a first line says of which map they are. An interrupted
 * map goes on from there, and one with further values of its axes takes those that it has.
 */
export class CellFile {
  private readonly known = new Map<string, MapCell>();
  private readonly descriptor: number;

  /**
   * Opens or creates the file; a last line that was torn by the end of a process is cut off.
   *
   * @param of everything that a cell depends on besides its place
   * @throws FileError if it cannot be read or written, is damaged, or holds another map
   */
  constructor(
    private readonly path: string,
    of: unknown,
  ) {
    const header = `${canonicalJson({ version, map: of })}\n`;
    const text = this.attempt(() => (existsSync(path) ? readFileSync(path, "utf8") : ""));
    const whole = text.slice(0, text.lastIndexOf("\n") + 1);
    // What is no beginning of a file of cells is not ours to cut off.
    if (whole === "" ? !header.startsWith(text) : !whole.startsWith(header)) {
      throw new FileError("file", path, "it holds another map, that of another version, or something else");
    }
    const lines = whole.slice(header.length).split("\n").slice(0, -1);
    lines.forEach((line, i) => this.remember(line, i + 2));
    this.descriptor = this.attempt(() => openSync(path, "a"));
    this.attempt(() => ftruncateSync(this.descriptor, Buffer.byteLength(whole)));
    if (whole === "") this.write(header);
  }

  /** The cell at this place, if the file has it. */
  at(x: number, y: number): MapCell | undefined {
    return this.known.get(placeOf(String(x), String(y)));
  }

  /** @throws FileError, after which what is there stays */
  append(x: number, y: number, cell: MapCell): void {
    this.write(`${JSON.stringify({ x: String(x), y: String(y), cell } satisfies StoredCell)}\n`);
  }

  close(): void {
    closeSync(this.descriptor);
  }

  private remember(line: string, number: number): void {
    const parsed = parseJson(line, "");
    const stored = "data" in parsed ? (parsed.data as Partial<StoredCell> | null) : undefined;
    const { x, y, cell } = stored ?? {};
    const isCell =
      cell?.status === "converged"
        ? Number.isFinite(cell.value) && Number.isFinite(cell.errorEstimate)
        : cell?.status === "refused" && typeof cell.message === "string";
    if (typeof x !== "string" || typeof y !== "string" || !cell || !isCell) {
      throw new FileError("file", this.path, `line ${number} is damaged`);
    }
    this.known.set(placeOf(x, y), cell);
  }

  private write(text: string): void {
    this.attempt(() => writeSync(this.descriptor, text));
  }

  private attempt<T>(action: () => T): T {
    try {
      return action();
    } catch (error) {
      throw new FileError("file", this.path, reasonOf(error));
    }
  }
}

const placeOf = (x: string, y: string): string => `${x} ${y}`;
