/**
 * A Vega-Lite specification as plain data: what `vega-embed` and every other reader of Vega-Lite 6 takes. The library's
 * types do without those of Vega, which need a browser's.
 */
export interface VegaLiteSpecification {
  readonly $schema: string;
  readonly [field: string]: unknown;
}

/** A specification with all its data in one table. */
export interface DataSpecification extends VegaLiteSpecification {
  readonly data: { readonly values: readonly object[] };
}
