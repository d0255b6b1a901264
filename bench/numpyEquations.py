"""Points per second of processor time of three saddle points by a damped loop on 100 Gauss-Hermite nodes, as JSON."""

import json
import time

import numpy as np

nodes, weights = np.polynomial.hermite_e.hermegauss(100)
weights = weights / weights.sum()


def solve(equations, x, damping=0.5, tolerance=1e-10):
    for _ in range(100_000):
        new = equations(*x)
        change = max(abs(a - b) for a, b in zip(new, x))
        x = [damping * b + (1 - damping) * a for a, b in zip(new, x)]
        if change < tolerance:
            break
    return x


def hopfield(alpha, temperature=0.2):
    beta = 1 / temperature

    def equations(m, q):
        r = q / (1 - beta * (1 - q)) ** 2
        t = np.tanh(beta * (m + np.sqrt(alpha * r) * nodes))
        return [(weights * t).sum(), (weights * t**2).sum()]

    return solve(equations, [0.9, 0.9])


def sherrington_kirkpatrick(h, beta=1.5):
    return solve(lambda q: [(weights * np.tanh(beta * (np.sqrt(q) * nodes + h)) ** 2).sum()], [0.5])


def spiked_wigner(snr):
    return solve(lambda q: [(weights * np.tanh(snr * q + np.sqrt(snr * q) * nodes)).sum()], [0.6])


def rate(problem, start, stop, points=40):
    before = time.process_time()
    for value in np.linspace(start, stop, points):
        problem(value)
    return points / (time.process_time() - before)


print(
    json.dumps(
        {
            "hopfield": rate(hopfield, 0.01, 0.1),
            "sherringtonKirkpatrick": rate(sherrington_kirkpatrick, 0.1, 1),
            "spikedWigner": rate(spiked_wigner, 1.05, 2),
        }
    )
)
