/** Training observables of one readout (theory §5). */
export interface Fit {
  /** (1/n) Σ (y − f)². */
  readonly trainError: number;
  /** (1/n) [Σ (y − f)² + λ|a|²]. */
  readonly objective: number;
}
