import manifest from "../package.json" with { type: "json" };

/** Version of this library. */
export const version: string = manifest.version;
