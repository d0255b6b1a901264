"""Seconds of processor time of published methods, each as a script of one's own would have it; prints JSON."""

import json
import time

import numpy as np

generator = np.random.default_rng(1)


def timed(run, *arguments):
    start = time.process_time()
    value = run(*arguments)
    return {"seconds": time.process_time() - start, "value": value}


def spiked(ratios, ridge=0.01, r=0.651, c=1.077):
    """Saddle-point method: the traces V1 and g of spiked random features (theory §4, tanh, beta = 1) on 100 Gauss-Hermite nodes."""
    nodes, weights = np.polynomial.hermite_e.hermegauss(100)
    weights = weights / weights.sum()
    values = np.tanh(r * nodes[:, None] + np.sqrt(c) * nodes[None, :])
    mean, first = values @ weights, values @ (weights * nodes)
    rest = values**2 @ weights - mean**2 - first**2
    slope = first**2 / c
    traces = []
    for alpha in ratios:
        v1, g = c / ridge, 1 / ridge
        while True:
            damping = weights / (1 + slope * v1 + rest * g)
            hat, d = alpha * (damping * slope).sum(), ridge + alpha * (damping * rest).sum()
            new = 2 / (d + np.sqrt(d * d + 4 * c * hat * d))
            change = abs(new / g - 1) + abs(c * new / (1 + c * hat * new) / v1 - 1)
            g, v1 = new, c * new / (1 + c * hat * new)
            if change < 1e-9:
                break
        traces.append(g)
    return traces[-1]


def covariates(ridges, samples=5000, levels=10_000):
    """Gaussian covariate model: damped iteration of the effective ridge over every eigenvalue, then the test error."""
    omega = (np.arange(levels) + 1) ** -1.2
    signal = omega**2
    errors = []
    for ridge in ridges:
        t = (ridge + omega.sum()) / samples
        while True:
            new = (ridge + t * (omega / (omega + t)).sum()) / samples
            if abs(new / t - 1) < 1e-10:
                break
            t = new
        freedom = ((omega / (omega + t)) ** 2).sum()
        errors.append((t * t * (signal / omega / (omega + t) ** 2).sum()) / (1 - freedom / samples))
    return errors[-1]


def retrained(samples, ridges, trials=5, count=1000, columns=600):
    """Learning curve of a data set by retraining on subsamples: one eigendecomposition for all ridges of a subsample."""
    x = generator.standard_normal((count, columns))
    y = np.sign(x[:, 0] - x[:, 1])
    for n in samples:
        errors = np.zeros(len(ridges))
        for _ in range(trials):
            order = generator.permutation(count)
            train, test = order[:n], order[n:]
            values, vectors = np.linalg.eigh(x[train] @ x[train].T)
            cross, turned = x[test] @ x[train].T @ vectors, vectors.T @ y[train]
            fits = cross @ (turned[:, None] / (np.maximum(values, 0)[:, None] + ridges[None, :]))
            errors += ((y[test][:, None] - fits) ** 2).mean(axis=0) / trials
    return errors[-1]


def simulated(ratios, d=500, trials=5, tests=2000, ridge=0.01):
    """Simulation of a network after one step, averaged over trials: what a point of theory replaces."""
    errors = np.zeros(len(ratios))
    for _ in range(trials):
        theta = generator.standard_normal(d)
        theta /= np.linalg.norm(theta)
        w = generator.standard_normal((d, d))
        w /= np.linalg.norm(w, axis=1, keepdims=True)
        x = generator.standard_normal((d // 2, d))
        z = np.tanh(x @ w.T)
        w += ((1 - z**2) * (np.tanh(x @ theta) - z.mean(axis=1))[:, None]).T @ x / len(x)
        for i, alpha in enumerate(ratios):
            x, held = generator.standard_normal((int(alpha * d), d)), generator.standard_normal((tests, d))
            phi = np.tanh(x @ w.T) / np.sqrt(d)
            a = np.linalg.solve(phi.T @ phi + ridge * np.eye(d), phi.T @ np.tanh(x @ theta))
            errors[i] += np.mean((np.tanh(held @ theta) - np.tanh(held @ w.T) @ a / np.sqrt(d)) ** 2) / trials
    return errors[-1]


print(
    json.dumps(
        {
            "spiked": timed(spiked, 0.2 + 2.8 * np.arange(3000) / 3000),
            "covariates": timed(covariates, 10.0 ** (-3 + 4 * np.arange(20) / 19)),
            "retrained": timed(retrained, 50 + 65 * np.arange(12), 10.0 ** (-3 + 4 * np.arange(20) / 19)),
            "simulated": timed(simulated, np.linspace(0.2, 3, 7)),
        }
    )
)
