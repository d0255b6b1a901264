import { ParameterError } from "../../errors.ts";
import { parseJson } from "../../json/cases.ts";
import { encode } from "../../json/encode.ts";
import { errorData, type JsonError } from "../../json/errors.ts";
import { refuseUnknown } from "../../parameters/legal.ts";

/** What answers carry to tell requests apart; null where a line has none that can be read. */
export type RequestId = string | number | null;

/** A line of a client. */
export interface Request {
  readonly id: RequestId;
  readonly method: string;
  readonly params: unknown;
  /** Whether the client wants to know how far it is. */
  readonly progress: boolean;
}

/** Ends a calculation that its client no longer wants. */
export class CancelledError extends Error {
  override readonly name = "CancelledError";
  constructor() {
    super("the request was cancelled");
  }
}

const FIELDS = ["id", "method", "params", "progress"];

/**
 * Reads a line of a client.
 *
 * @returns the request, or the id as far as it can be read and the error
 */
export function readRequest(line: string): Request | { readonly id: RequestId; readonly error: unknown } {
  const parsed = parseJson(line, "the line");
  if ("unreadable" in parsed) return { id: null, error: parsed.unreadable };
  const fields = parsed.data as Readonly<Record<string, unknown>> | null;
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) {
    return { id: null, error: new ParameterError("request", fields, "an object with id, method and params") };
  }
  const { id, method, params = {}, progress = false } = fields;
  const isId = typeof id === "string" || typeof id === "number";
  try {
    if (!isId) throw new ParameterError("id", id, "a text or a number, which comes back with the answer");
    if (typeof method !== "string") throw new ParameterError("method", method, "the name of a method");
    if (typeof progress !== "boolean") throw new ParameterError("progress", progress, "true or false");
    refuseUnknown(fields, FIELDS, "no field of a request");
    return { id, method, params, progress };
  } catch (error) {
    return { id: isId ? id : null, error };
  }
}

/** The line that ends a request well; the result is JSON text already. */
export const resultLine = (id: RequestId, result: string): string => `{"id":${encode(id)},"result":${result}}\n`;

/** The line that ends a request with an error. */
export const errorLine = (id: RequestId, error: unknown): string => encodedErrorLine(id, encode(errorOf(error)));

/** The same for an error that is JSON text already. */
export const encodedErrorLine = (id: RequestId, error: string): string => `{"id":${encode(id)},"error":${error}}\n`;

/** A line between them. */
export const progressLine = (id: RequestId, progress: Progressed): string => `${encode({ id, progress })}\n`;

/** How far a request is. */
export interface Progressed {
  readonly completed: number;
  readonly total: number;
}

/** An error as data: a client has use for a stack only where the mistake is ours. */
export function errorOf(error: unknown): JsonError {
  return error instanceof ResultError ? error.data : errorData(error);
}

/** The error of a case, which is data already. */
export class ResultError extends Error {
  constructor(readonly data: JsonError) {
    super(data.message);
  }
}
