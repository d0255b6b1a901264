import type { ActivationInput } from "../activation/activation.ts";
import type { LossInput } from "./loss.ts";
import { type Range, RANGES } from "./ranges.ts";

/** What a parameter's value is: plain data that checking, JSON, the command line, help and types read. */
export type Kind =
  | NumberKind
  | IntegerKind
  | ChoiceKind
  | { readonly type: "flag" }
  | { readonly type: "text" }
  | ListKind
  | EitherKind
  | { readonly type: "activation" }
  | { readonly type: "loss" }
  | RecordsKind;

interface NumberKind {
  readonly type: "number";
  readonly range: Range;
}
interface IntegerKind {
  readonly type: "integer";
  readonly least: number;
  readonly most: number;
}
interface ChoiceKind {
  readonly type: "choice";
  readonly values: readonly string[];
}
interface ListKind {
  readonly type: "list";
  readonly of: Kind;
  /** Words for the whole list. */
  readonly legal: string;
  readonly distinct?: boolean;
  readonly length?: number;
}
interface EitherKind {
  readonly type: "either";
  readonly of: readonly Kind[];
}
interface RecordsKind {
  readonly type: "records";
  readonly fields: RecordFields;
}

/** The fields of each record of a list. */
export interface RecordFields {
  readonly [name: string]: RecordField;
}

/** A field of a record; one without default has to be there, unless it is optional. */
export interface RecordField {
  readonly kind: Kind;
  readonly default?: unknown;
  /** What happens where it is left out, in words. */
  readonly optional?: string;
}

/** The type of the values of a kind. */
export type ValueOf<K> = K extends { type: "number" | "integer" }
  ? number
  : K extends { type: "choice"; values: readonly (infer V)[] }
    ? V
    : K extends { type: "flag" }
      ? boolean
      : K extends { type: "text" }
        ? string
        : K extends { type: "list"; of: infer Item }
          ? readonly ValueOf<Item>[]
          : K extends { type: "either"; of: readonly (infer Option)[] }
            ? ValueOf<Option>
            : K extends { type: "activation" }
              ? ActivationInput
              : K extends { type: "loss" }
                ? LossInput
                : K extends { type: "records"; fields: infer Fields }
                  ? readonly RecordOf<Fields>[]
                  : never;

type MayBeAbsent = { readonly default: unknown } | { readonly optional: string };
/** The type of a record with these fields. */
export type RecordOf<Fields> = {
  readonly [F in keyof Fields as Fields[F] extends MayBeAbsent ? never : F]: Fields[F] extends { kind: infer K }
    ? ValueOf<K>
    : never;
} & {
  readonly [F in keyof Fields as Fields[F] extends MayBeAbsent ? F : never]?: Fields[F] extends { kind: infer K }
    ? ValueOf<K>
    : never;
};

/** A number in one of the {@link RANGES}. */
export const number = (range: keyof typeof RANGES) => ({ type: "number", range: RANGES[range] }) as const;
/** A whole number between two, both legal. */
export const integer = (least: number, most = Number.MAX_SAFE_INTEGER) => ({ type: "integer", least, most }) as const;
/** One of several words. */
export const choice = <const V extends readonly string[]>(...values: V) => ({ type: "choice", values }) as const;
/** true or false. */
export const FLAG = { type: "flag" } as const;
/** Any text. */
export const TEXT = { type: "text" } as const;
/** An activation by name, formula, function or object. */
export const ACTIVATION = { type: "activation" } as const;
/** A loss of the readout. */
export const LOSS = { type: "loss" } as const;
/** A list that is not empty. */
export const list = <const K extends Kind>(of: K, legal = "a list of numbers") =>
  ({ type: "list", of, legal }) as const;
/** A list without repetitions. */
export const distinct = <const K extends Kind>(of: K, legal: string) =>
  ({ type: "list", of, legal, distinct: true }) as const;
/** A list of that many values. */
export const tuple = <const K extends Kind>(of: K, length: number, legal: string) =>
  ({ type: "list", of, legal, length }) as const;
/** Rows of equal length. */
export const matrix = <const K extends Kind>(of: K) => list(list(of, "a row of numbers"), "a list of rows of numbers");
/** A value of any of several kinds. */
export const either = <const K extends readonly Kind[]>(...of: K) => ({ type: "either", of }) as const;
/** A list of objects with these fields. */
export const records = <const F extends RecordFields>(fields: F) => ({ type: "records", fields }) as const;
