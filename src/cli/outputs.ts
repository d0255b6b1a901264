import { constants } from "node:fs";
import { access, open, stat, writeFile, type FileHandle } from "node:fs/promises";
import { dirname } from "node:path";
import { csvEncoder, type RowEncoder } from "../curve/csv.ts";
import { arrayEncoder } from "../json/encode.ts";
import { needed } from "../packages.ts";
import { FileError, type Io, reasonOf } from "./io.ts";
import type { VegaLiteSpecification } from "../plot/specification.ts";

const FORMATS = [".vl.json", ".svg", ".png", ".pdf", ".csv", ".json"] as const;
type Format = (typeof FORMATS)[number];
/** The formats, for the help of options. */
export const FORMATS_HELP = ".svg, .png, .pdf, .vl.json (figures), .csv, .json (tables)";

/** A file to write, checked before any work. */
export interface Output {
  readonly path: string;
  readonly format: Format;
}

/** Whether rows can go to the file as they come. */
export const isTable = ({ format }: Output): boolean => format === ".csv" || format === ".json";

/**
 * Checks that every file has a known format and a directory that can be written.
 *
 * @throws FileError
 */
export async function checkOutputs(paths: readonly string[], formats: readonly Format[] = FORMATS): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const path of paths) {
    const format = formats.find((ending) => path.toLowerCase().endsWith(ending));
    if (!format) throw new FileError("out", path, `its name must end in ${formats.join(", ")}`);
    try {
      if (!(await stat(dirname(path))).isDirectory()) throw new FileError("out", path, "its directory is a file");
      await access(dirname(path), constants.W_OK);
    } catch (error) {
      if (error instanceof FileError) throw error;
      throw new FileError("out", path, `directory ${dirname(path)}: ${reasonOf(error)}`);
    }
    outputs.push({ path, format });
  }
  return outputs;
}

/** Text is kept back until there is this much of it, or the last writing is this long ago. */
const CHUNK = 65536;
const MILLISECONDS = 1000;

/** A table that grows: what is written stays, whatever happens later. The file is made with its first text. */
class TableWriter {
  private readonly encoder: RowEncoder;
  private file: FileHandle | undefined;
  private waiting = "";
  private written = performance.now();

  constructor(
    private readonly output: Output,
    columns: readonly string[],
  ) {
    this.encoder = output.format === ".csv" ? csvEncoder(columns) : arrayEncoder();
  }

  async push(row: object): Promise<void> {
    this.waiting += this.encoder.push(row);
    if (this.waiting.length > CHUNK || performance.now() - this.written > MILLISECONDS) await this.flush();
  }

  /** Writes what ends the table. */
  end(): void {
    this.waiting += this.encoder.end();
  }

  async close(): Promise<void> {
    await this.flush();
    await this.file?.close();
  }

  private async flush(): Promise<void> {
    if (this.waiting === "") return;
    try {
      this.file ??= await open(this.output.path, "w");
      await this.file.appendFile(this.waiting);
    } catch (error) {
      throw new FileError("out", this.output.path, reasonOf(error));
    } finally {
      this.waiting = "";
      this.written = performance.now();
    }
  }
}

/**
 * Writes rows to every table at once.
 *
 * @param columns that later rows may have, see {@link csvEncoder}
 */
export async function writeTables(
  outputs: readonly Output[],
  rows: Iterable<object>,
  columns: readonly string[] = [],
): Promise<void> {
  const tables = outputs.map((output) => new TableWriter(output, columns));
  try {
    for (const row of rows) for (const table of tables) await table.push(row);
    for (const table of tables) table.end();
  } finally {
    for (const table of tables) await table.close();
  }
}

/** CSV on standard output. */
export async function printRows(rows: Iterable<object>, io: Io, columns: readonly string[] = []): Promise<void> {
  const encoder = csvEncoder(columns);
  for (const row of rows) {
    const text = encoder.push(row);
    if (text !== "") await io.write(text);
  }
  await io.write(encoder.end());
}

/** Writes a figure in its format. */
export async function writeFigure({ path, format }: Output, figure: VegaLiteSpecification): Promise<void> {
  const content = format === ".vl.json" ? `${JSON.stringify(figure, null, 2)}\n` : await drawn(figure, format);
  try {
    await writeFile(path, content);
  } catch (error) {
    throw new FileError("out", path, reasonOf(error));
  }
}

const VEGA = ["vega@6.4.0", "vega-lite@6.4.3"];

/** The drawing libraries are large: they are loaded only when something is drawn. */
async function drawn(figure: VegaLiteSpecification, format: Format): Promise<string | Uint8Array> {
  if (format === ".svg") return drawnSvg(figure);
  const packages = [...VEGA, "@napi-rs/canvas@1.1.1", "dejavu-fonts-ttf@2.37.3"];
  const { renderPdf, renderPng } = await needed("drawing .png and .pdf", packages, () => import("./canvas.ts"));
  return format === ".png" ? renderPng(figure) : renderPdf(figure);
}

/** A figure as SVG. */
export async function drawnSvg(figure: VegaLiteSpecification): Promise<string> {
  const { renderSvg } = await needed("drawing .svg", VEGA, () => import("./render.ts"));
  return renderSvg(figure);
}

/** Writes rows to every table and draws every figure; a file that fails does not stop the others. */
export async function writeAll(
  outputs: readonly Output[],
  rows: readonly object[],
  figure: () => VegaLiteSpecification,
  io: Io,
  columns: readonly string[] = [],
): Promise<boolean> {
  let complete = true;
  for (const output of outputs) {
    try {
      if (isTable(output)) await writeTables([output], rows, columns);
      else await writeFigure(output, figure());
      io.log(`wrote ${output.path}`);
    } catch (error) {
      if (!(error instanceof FileError)) throw error;
      io.log(`error: ${error.message}`);
      complete = false;
    }
  }
  return complete;
}
