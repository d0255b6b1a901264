"""The published simulation as a notebook would write it; prints the seconds it took."""

import time

import numpy as np


def features(w, x):
    return np.tanh(x @ w.T) / np.sqrt(w.shape[0])


def curve(rng, d=2000, p=2000, rate=1.0, ridge=0.01, step_ratio=0.5, tests=5000):
    theta = rng.standard_normal(d)
    theta /= np.linalg.norm(theta)
    w = rng.standard_normal((p, d))
    w /= np.linalg.norm(w, axis=1, keepdims=True)
    x = rng.standard_normal((int(step_ratio * d), d))
    z = x @ w.T
    residual = np.tanh(x @ theta) - np.tanh(z).mean(axis=1)
    w += rate * ((1 - np.tanh(z) ** 2) * residual[:, None]).T @ x / len(x)
    errors = []
    for alpha in np.linspace(0.2, 3, 7):
        x = rng.standard_normal((int(alpha * d), d))
        phi = features(w, x)
        a = np.linalg.inv(phi.T @ phi + ridge * np.eye(p)) @ (phi.T @ np.tanh(x @ theta))
        x = rng.standard_normal((tests, d))
        errors.append(np.mean((np.tanh(x @ theta) - features(w, x) @ a) ** 2))
    return errors


start = time.perf_counter()
generator = np.random.default_rng(1)
for _ in range(3):
    curve(generator)
print(time.perf_counter() - start)
