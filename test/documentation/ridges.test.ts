import { Matrix, solve } from "ml-matrix";
import { expect, test } from "vitest";
import { ridgeFromPapers } from "../../src/index.ts";

const [n, p, d] = [12, 7, 5];
const noise = Array.from({ length: n * (p + 1) }, (_, i) => Math.sin(1 + 7.3 * i * i));
const phi = new Matrix(Array.from({ length: n }, (_, i) => noise.slice(i * p, (i + 1) * p)));
const y = new Matrix(noise.slice(n * p).map((value) => [value]));
const gram = phi.transpose().mmul(phi);
const moment = phi.transpose().mmul(y);

/** What f is here: a/√p of ½|y − Φa/√p|² + (λ/2)|a|². */
const ours = (lambda: number): Matrix =>
  solve(Matrix.add(Matrix.div(gram, p), Matrix.mul(Matrix.eye(p), lambda)), Matrix.div(moment, Math.sqrt(p))).div(
    Math.sqrt(p),
  );

/** Half the gradient of loss·|y − Φw|² + penalty·|w|² at w. */
const gradient = (loss: number, penalty: number, w: Matrix): Matrix =>
  Matrix.sub(gram.mmul(w), moment).mul(loss).add(Matrix.mul(w, penalty));

const s = Math.sqrt(y.norm("frobenius") ** 2 / n);
const [alpha, beta] = [n / d, p / d];
const given = 0.3;

/** The factors of |y − Φw|² and of |w|² in each objective, and λ by the page "Which λ is yours?". */
const OBJECTIVES: Readonly<Record<string, readonly [loss: number, penalty: number, lambda: number]>> = {
  "scikit-learn Ridge": [1, given, given / p],
  SGDRegressor: [1 / (2 * n), given / 2, (n * given) / p],
  "LogisticRegression's C, of the square loss": [given / 2, 1 / 2, 1 / (given * p)],
  glmnet: [1 / (2 * n), given / (2 * s), (n * given) / (s * p)],
  "lm.ridge": [1, given, given / p],
  "PyTorch weight_decay": [1 / n, given / 2, (n * given) / (2 * p)],
  "Keras L2": [1 / n, given, (n * given) / p],
  // Ba22: (1/n)|y − Φa/√N|² + (λ′/N)|a|² with w = a/√N.
  Ba22: [1 / n, given, ridgeFromPapers(given, alpha, beta)],
  "Mei & Montanari": [1 / n, (p * given) / d, alpha * given],
  "Hastie et al.": [1 / n, given, (n * given) / p],
  "kernel regression": [1 / 2, (p * given) / 2, given],
};

test.each(Object.entries(OBJECTIVES))("%s has its minimum at the λ of the page", (_name, [loss, penalty, lambda]) => {
  const w = ours(lambda);
  expect(w.norm("frobenius")).toBeGreaterThan(0.01);
  expect(gradient(loss, penalty, w).norm("frobenius")).toBeLessThan(1e-12);
});

test("KernelRidge and GaussianProcessRegressor predict the same", () => {
  const kernel = phi.mmul(phi.transpose());
  const dual = solve(Matrix.add(kernel, Matrix.mul(Matrix.eye(n), given)), y);
  const difference = Matrix.sub(kernel.mmul(dual), phi.mmul(ours(given / p)));
  expect(difference.norm("frobenius")).toBeLessThan(1e-12);
});
