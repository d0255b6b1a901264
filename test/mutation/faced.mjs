/** The tests that mutants of a directory of the sources face: files of test/, as a regular expression. */
export const FACED = {
  bulk: /^(solver\/(anisotropicBulk|parts|collinear|reference|laws)|bulk\/|observables\/weight|tuning\/derivatives)/,
  covariates: /^(covariates\/(?!simulation|study)|tuning\/derivatives)/,
  equations: /^equations\//,
  model: /^(model\/|json\/(cases|reference)|badInput)/,
  numerics: /^numerics\//,
  observables: /^(observables\/|json\/observables)/,
  ridge: /^(solver\/(?!infiniteWidth)|ridge\/|tuning\/derivatives|observables\/steps)/,
  spectrum: /^(spectrum\/|observables\/featureSpectrum)/,
};

/** A test of more milliseconds than this, once it has run before, is left out: thousands of runs cannot afford it. */
export const LONGEST = 150;

/** Of the tests that reach a mutant, the quickest that take so many milliseconds together are run. */
export const MOST = 1500;
