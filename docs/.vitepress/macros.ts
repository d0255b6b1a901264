/** Abbreviations of the formulas in all pages. */
export const MACROS = {
  "\\E": "\\mathbb{E}",
  "\\R": "\\mathbb{R}",
  "\\N": "\\mathcal{N}",
  "\\Vh": "\\hat V",
  "\\Qh": "\\hat Q",
  "\\T": "\\mathsf{T}",
  "\\tr": "\\operatorname{tr}",
  "\\diag": "\\operatorname{diag}",
  "\\Var": "\\operatorname{Var}",
  "\\Cov": "\\operatorname{Cov}",
  "\\sign": "\\operatorname{sign}",
  "\\prox": "\\operatorname{prox}",
  "\\argmin": "\\operatorname*{arg\\,min}",
  "\\He": "\\mathrm{He}",
};
