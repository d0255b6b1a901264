import { ParameterError } from "../../errors.ts";
import { backendNames, type BackendName, type LinearAlgebra } from "../linearAlgebra.ts";
import type { Kernels } from "../workspace.ts";
import { mlMatrixAlgebra } from "./mlMatrix.ts";
import { openblasAlgebra } from "./openblas.ts";
import { wasmAlgebra } from "./wasm.ts";

/** "auto" is the system's OpenBLAS where it is installed, WASM otherwise. */
export type BackendChoice = BackendName | "auto";

const howToInstall =
  'installed for "openblas" (Debian and Ubuntu: apt-get install libopenblas0-pthread; Fedora: dnf install openblas; ' +
  'macOS has Accelerate); "auto" falls back to "wasm"';

/**
 * The backend that will be used.
 *
 * @throws ParameterError if it is unknown, or forced and not installed.
 *
 * @example
 * ```ts
 * import { resolveBackend } from "replica-theory/simulation";
 * console.log(resolveBackend("wasm")); // wasm
 * ```
 */
export function resolveBackend(choice: BackendChoice = "auto"): BackendName {
  if (choice === "auto") return openblasAlgebra() ? "openblas" : "wasm";
  if (!backendNames.includes(choice))
    throw new ParameterError("backend", choice, `one of auto, ${backendNames.join(", ")}`);
  if (choice === "openblas" && !openblasAlgebra()) throw new ParameterError("backend", choice, howToInstall);
  return choice;
}

/**
 * Makes a resolved backend over the kernels of a workspace.
 *
 * @throws ParameterError when it is made, for "openblas" where it is not installed.
 *
 * @example
 * ```ts
 * import { algebraOf, Workspace } from "replica-theory/simulation";
 * const { kernels } = await Workspace.create(1024);
 * console.log(algebraOf("wasm")(kernels).name); // wasm
 * ```
 */
export function algebraOf(name: BackendName): (kernels: Kernels) => LinearAlgebra {
  switch (name) {
    case "wasm":
      return wasmAlgebra;
    case "ml-matrix":
      return () => mlMatrixAlgebra;
    case "openblas":
      return () => {
        const algebra = openblasAlgebra();
        if (!algebra) throw new ParameterError("backend", name, howToInstall);
        return algebra;
      };
  }
}
