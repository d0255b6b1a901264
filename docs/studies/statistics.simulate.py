"""Simulates pairs of networks to statistics.json beside this file, by numpy alone: nothing is shared with the library.

    python3 docs/studies/statistics.simulate.py

A trial trains f(W, X, noise), and with fresh noise, fresh samples and fresh weights. Products of two residuals on fresh inputs are unbiased for
E[(y - f)(y - f')]; the mean over trials has the standard error that is written beside it.
"""
import json
from pathlib import Path

import numpy as np

HERE = Path(__file__).parent
STUDENTS = {"tanh": np.tanh, "relu": lambda x: np.maximum(x, 0), "sin": np.sin, "x": lambda x: x, "tanh(2*x)": lambda x: np.tanh(2 * x)}
TEST_SAMPLES = 2000


class Teacher:
    """Labels of t = <theta, x>, real or +-1; the spike's direction v has the alignment gamma with theta."""

    def __init__(self, case, d, rng):
        self.target = STUDENTS[case["target"]]
        self.signs = case.get("labels") == "sign"
        self.noise = case.get("labelNoise", 0)
        self.flips = case.get("labelFlips", 0)
        first, second = np.linalg.qr(rng.standard_normal((d, 2)))[0].T
        gamma = case.get("alignment", 0)
        self.spike, self.theta = first, gamma * first + np.sqrt(1 - gamma**2) * second

    def labels(self, x, rng):
        score = self.target(x @ self.theta)
        score = score + np.sqrt(self.noise) * rng.standard_normal(len(x))
        return np.sign(score) * np.where(rng.random(len(x)) < self.flips, -1, 1) if self.signs else score

    def tested(self, x, rng):
        """Labels of the test, what their noise adds to products of residuals, and the signs that classes are compared with."""
        if self.signs:
            y = self.labels(x, rng)
            return y, 0.0, y
        y = self.target(x @ self.theta)
        return y, self.noise, np.sign(y)


class Network:
    def __init__(self, case, teacher, d, rng):
        p = round(case["widthRatio"] * d)
        w = rng.standard_normal((p, d))
        w *= np.sqrt(case.get("bulkVariance", 1)) / np.linalg.norm(w, axis=1, keepdims=True)
        values = np.resize(np.repeat(case.get("readoutValues", [1]), -(-p // len(case.get("readoutValues", [1])))), p)
        self.weights = w + case.get("spikeStrength", 0) * np.outer(values, teacher.spike)
        self.student = STUDENTS[case["student"]]
        self.ridge = case["ridge"]

    def features(self, x):
        return self.student(x @ self.weights.T) / np.sqrt(len(self.weights))

    def readouts(self, x, labels):
        phi = self.features(x)
        n, p = phi.shape
        if n <= p:
            return phi.T @ np.linalg.solve(phi @ phi.T + self.ridge * np.eye(n), labels)
        return np.linalg.solve(phi.T @ phi + self.ridge * np.eye(p), phi.T @ labels)


def trial(case, d, rng):
    teacher = Teacher(case, d, rng)
    n = round(case["sampleRatio"] * d)
    network, other = (Network(case, teacher, d, rng) for _ in range(2))
    x, fresh, test = (rng.standard_normal((size, d)) for size in (n, n, TEST_SAMPLES))
    labels = np.stack([teacher.labels(x, rng), teacher.labels(x, rng)], axis=1)
    of_fresh = teacher.labels(fresh, rng)
    phi, of_other = network.features(test), other.features(test)
    own = phi @ network.readouts(x, labels)
    crossed = of_other @ other.readouts(x, labels)
    f = own[:, 0]
    partners = {
        "testError": f,
        "sameWeightsFreshNoise": own[:, 1],
        "sameWeightsFreshSamples": phi @ network.readouts(fresh, of_fresh),
        "freshWeightsSameSamples": crossed[:, 0],
        "freshWeightsFreshNoise": crossed[:, 1],
        "freshBoth": of_other @ other.readouts(fresh, of_fresh),
    }
    y, noise, side = teacher.tested(test, rng)
    R = {name: np.mean((y - f) * (y - g)) + noise for name, g in partners.items()}
    W, X, S, WX, none = (R[name] for name in ("sameWeightsFreshSamples", "freshWeightsFreshNoise", "freshWeightsSameSamples", "sameWeightsFreshNoise", "freshBoth"))
    parts = {
        "varianceWeights": W - none,
        "varianceInputs": X - none,
        "varianceInputsNoise": S - X,
        "varianceWeightsInputs": WX - W - X + none,
        "varianceWeightsInputsNoise": R["testError"] - WX - S + X,
    }
    means = {kind: (f + partners[kind]) / 2 for kind in ("sameWeightsFreshSamples", "freshWeightsSameSamples", "freshBoth")}
    ensembles = {f"ensembleOfTwo.{kind}": np.mean((y - mean) ** 2) + noise for kind, mean in means.items()}
    rates = {f"ensembleOfTwo.{kind}.class": np.mean(side * mean < 0) for kind, mean in means.items()}
    return R | parts | ensembles | rates | {"classificationError": np.mean(side * f < 0)}


def simulated(case, d, trials, seed):
    rows = [trial(case, d, np.random.default_rng([seed, k])) for k in range(trials)]
    result = {}
    for name in rows[0]:
        values = np.array([row[name] for row in rows])
        result[name] = [float(f"{x:.6g}") for x in (values.mean(), values.std(ddof=1) / np.sqrt(trials))]
    return {"description": case, "dimension": d, "trials": trials, "seed": seed, "simulated": result}


def main():
    cases = json.loads((HERE / "statistics.cases.json").read_text())
    table = [simulated(case, 200, 20, 100 + i) for i, case in enumerate(cases)]
    descent = {"model": "randomFeatures", "student": "relu", "target": "x", "labelNoise": 4, "widthRatio": 6, "ridge": 1e-6}
    ratios = [0.25, 0.5, 1, 1.5, 2, 3, 4, 5, 7, 9, 12, 18]
    figure = [simulated({**descent, "sampleRatio": ratio}, 80, 10, 200 + i) for i, ratio in enumerate(ratios)]
    rows = lambda results: ",\n  ".join(json.dumps(result) for result in results)
    (HERE / "statistics.json").write_text(f'{{\n "table": [\n  {rows(table)}\n ],\n "tripleDescent": [\n  {rows(figure)}\n ]\n}}\n')


if __name__ == "__main__":
    main()
