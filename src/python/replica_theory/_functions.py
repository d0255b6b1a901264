"""Functions whose arguments are the parameters of the library: generated, by `npm run build:python`."""

from __future__ import annotations

from typing import Any, Mapping, Sequence

from ._calls import Floats, Progress, call
from ._results import Bounds, Curve, Derivatives, LearnedFunction, Map, Optimum, Simulation, Solution, Spectrum, Weights

__all__ = ["solve", "curve", "compare", "simulate", "learned_function", "bounds", "weights", "spectrum", "optimum", "derivatives", "map"]


def solve(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
) -> Solution:
    """Errors and overlaps of the trained readout at one point.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("solve", Solution, locals())


def curve(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | Floats | str | None = None,
    width_ratio: float | Floats | str | None = None,
    ridge: float | Floats | str | None = None,
    step_sample_ratio: float | Floats | str | None = None,
    learning_rate: float | Floats | str | None = None,
    spike_strength: float | Floats | str | None = None,
    alignment: float | Floats | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | Floats | str | None = None,
    label_noise: float | Floats | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | Floats | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    x: str | None = None,
    progress: Progress = None,
) -> Curve:
    """A learning curve: every combination of the parameters that are given as lists or arrays.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    x: the swept parameter on the horizontal axis of figures (default the longest)
    progress: None: a bar on a terminal or in a notebook; True, False, or a function of completed and total

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("curve", Curve, locals())


def compare(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | Floats | str | None = None,
    width_ratio: float | Floats | str | None = None,
    ridge: float | Floats | str | None = None,
    step_sample_ratio: float | Floats | str | None = None,
    learning_rate: float | Floats | str | None = None,
    spike_strength: float | Floats | str | None = None,
    alignment: float | Floats | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | Floats | str | None = None,
    label_noise: float | Floats | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | Floats | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    trials: int | None = None,
    seed: int | None = None,
    test_samples: int | None = None,
    standard_error: float | None = None,
    maximal_trials: int | None = None,
    backend: str | None = None,
    workers: int | None = None,
    simulate: str | None = None,
    dimension: int | None = None,
    x: str | None = None,
    progress: Progress = None,
) -> Curve:
    """A learning curve with simulated finite networks beside the theory.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    trials: simulated networks: a whole number from 1 to 10000000 (default 10)
    seed: seed of the simulation: a whole number >= 0 (default 0)
    test_samples: test samples of each trial: a whole number >= 1 (default 5000)
    standard_error: adds trials until the standard error of the test (classification) error is this: a finite number > 0 (default no more trials)
    maximal_trials: limit on those trials: a whole number from 1 to 10000000 (default 1000)
    backend: linear algebra: one of "auto", "openblas", "wasm", "ml-matrix" (default auto)
    workers: trials at a time; 0 for none but this process: a whole number >= 0 (default one per processor)
    simulate: "model" (as described, default), "network", or "srf", the surrogate of a trained network
    dimension: input dimension d of the simulated networks
    x: the swept parameter on the horizontal axis of figures (default the longest)
    progress: None: a bar on a terminal or in a notebook; True, False, or a function of completed and total

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("curve", Curve, locals())


def simulate(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | Floats | str | None = None,
    width_ratio: float | Floats | str | None = None,
    ridge: float | Floats | str | None = None,
    step_sample_ratio: float | Floats | str | None = None,
    learning_rate: float | Floats | str | None = None,
    spike_strength: float | Floats | str | None = None,
    alignment: float | Floats | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | Floats | str | None = None,
    label_noise: float | Floats | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | Floats | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    trials: int | None = None,
    seed: int | None = None,
    test_samples: int | None = None,
    standard_error: float | None = None,
    maximal_trials: int | None = None,
    backend: str | None = None,
    workers: int | None = None,
    simulate: str | None = None,
    dimension: int | None = None,
    progress: Progress = None,
) -> Simulation:
    """Finite networks alone: mean and standard error at each sample_ratio and ridge, which may be lists.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    trials: simulated networks: a whole number from 1 to 10000000 (default 10)
    seed: seed of the simulation: a whole number >= 0 (default 0)
    test_samples: test samples of each trial: a whole number >= 1 (default 5000)
    standard_error: adds trials until the standard error of the test (classification) error is this: a finite number > 0 (default no more trials)
    maximal_trials: limit on those trials: a whole number from 1 to 10000000 (default 1000)
    backend: linear algebra: one of "auto", "openblas", "wasm", "ml-matrix" (default auto)
    workers: trials at a time; 0 for none but this process: a whole number >= 0 (default one per processor)
    simulate: "srf" for the surrogate of a trained network
    dimension: input dimension d of the simulated networks
    progress: None: a bar on a terminal or in a notebook; True, False, or a function of completed and total

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("simulate", Simulation, locals())


def learned_function(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    t: Floats | None = None,
    kappa: Floats | None = None,
) -> LearnedFunction:
    """The function that the network has learned.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    t: where it is wanted along the target
    kappa: where it is wanted along the spike

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("learnedFunction", LearnedFunction, locals())


def bounds(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
) -> Bounds:
    """Bounds on the test error of any readout of the features.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("bounds", Bounds, locals())


def weights(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    points: int | None = None,
    grid: Floats | None = None,
) -> Weights:
    """Singular values of the weights after the step.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    points: points of their density
    grid: where the density is wanted

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("weights", Weights, locals())


def spectrum(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    points: int | None = None,
    grid: Floats | None = None,
) -> Spectrum:
    """Spectrum of the features: density, edges, outliers.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    points: points of the density
    grid: where the density is wanted

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("spectrum", Spectrum, locals())


def optimum(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    over: Sequence[str] | Mapping[str, Any] | None = None,
    minimise: str | None = None,
    budget: Any | None = None,
) -> Optimum:
    """Best values of one to four parameters.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    over: names to tune, or a range [from, to] (or None) for each
    minimise: what is minimised (default testError, of margins testClassificationError)
    budget: what the parameters share, as on the page on tuning

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("optimum", Optimum, locals())


def derivatives(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    by: Sequence[str] | None = None,
) -> Derivatives:
    """Derivatives of errors and overlaps by parameters.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    by: the parameters

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("derivatives", Derivatives, locals())


def map(
    *,
    model: str = "trainedNetwork",
    student: str | None = None,
    target: str | None = None,
    theory: str | None = None,
    sample_ratio: float | str | None = None,
    width_ratio: float | str | None = None,
    ridge: float | str | None = None,
    step_sample_ratio: float | str | None = None,
    learning_rate: float | str | None = None,
    spike_strength: float | str | None = None,
    alignment: float | str | Sequence[Sequence[float]] | None = None,
    bulk_variance: float | str | None = None,
    label_noise: float | str | None = None,
    readout_values: Floats | None = None,
    readout_fractions: Floats | None = None,
    rows: str | None = None,
    power_channels: Sequence[int] | None = None,
    row_norms: bool | None = None,
    loss: str | Mapping[str, float] | None = None,
    labels: str | None = None,
    label_flips: float | None = None,
    outlier_share: float | None = None,
    outlier_variance: float | None = None,
    finite_dimension: float | None = None,
    samples: float | str | None = None,
    eigenvalues: Floats | None = None,
    multiplicities: Floats | None = None,
    signal: Floats | None = None,
    eigenvalue_exponent: float | None = None,
    signal_exponent: float | None = None,
    count: int | None = None,
    unexplained: float | None = None,
    second_moment: float | None = None,
    teacher: str | None = None,
    teacher_variance: float | None = None,
    teacher_shift: float | None = None,
    logistic_scale: float | None = None,
    huber_threshold: float | None = None,
    intercept: bool | None = None,
    input_eigenvalues: Floats | None = None,
    input_multiplicities: Floats | None = None,
    teacher_power: Floats | None = None,
    widths: Floats | None = None,
    optimal_ridge: str | None = None,
    steps: Sequence[Mapping[str, Any]] | None = None,
    spikes: Sequence[Sequence[float]] | None = None,
    special_covariance: Sequence[Any] | None = None,
    zeta_basis: Sequence[Any] | None = None,
    x: Mapping[str, Floats] | None = None,
    y: Mapping[str, Floats] | None = None,
    quantity: str | None = None,
    minus: Mapping[str, Any] | None = None,
    levels: Floats | None = None,
    boundaries: Sequence[str] | None = None,
) -> Map:
    """An observable over two parameters.

    A parameter that is None is left out; which ones a model has and needs, the library says.

    Parameters
    ----------
    model: trainedNetwork, randomFeatures, spikedRandomFeatures, smallRate, powerChannels, ...
    student: σ, activation of the network: a name or a formula in x
    target: σ*, single-index target: a name or a formula in x
    theory: of a trained network: itself, or its isotropic surrogate srf: "network" or "srf" (default "network")
    sample_ratio: α, samples per dimension: a number > 0, or inf
    width_ratio: β, width per dimension: a number > 0, or inf
    ridge: λ, ridge penalty, not divided by n; 0 is the ridgeless limit: a finite number >= 0
    step_sample_ratio: α₀, samples of the gradient step per dimension: a number >= 0, or inf
    learning_rate: η̃, rate of the gradient step over p: a finite number
    spike_strength: r, strength of the spike (s₁ for smallRate): a finite number
    alignment: γ, overlap of spike and target direction: a number in [-1, 1]
    bulk_variance: c, variance of the bulk; for spikedRandomFeatures also a list, one per readout value: a finite number > 0 (default 1)
    label_noise: Δ, variance of the label noise: a number from 0 to 1e200 (default 0)
    readout_values: u, values of the first-layer readout: a list of numbers (default [1])
    readout_fractions: π, fractions of the readout values, which sum to 1: a list of numbers (default equal)
    rows: rows of the random weights: of equal norms, or gaussian: "equal" or "gaussian" (default "equal")
    power_channels: k, powers of κ in the features: a list of distinct whole numbers from 1 to 20
    row_norms: whether the fluctuating row norms of a trained network have a channel: true or false (default true)
    loss: ℓ, loss of the readout: "square", "logistic", "hinge", "squaredHinge" or {"huber": δ} (default "square")
    labels: y, labels of the target and its noise: as they are (real), or their signs: "real" or "sign" (default real, or sign for losses of margins)
    label_flips: ε, probability that a sign label is flipped: a number in [0, 1/2) (default 0)
    outlier_share: π, share of the labels whose noise has the variance outlierVariance instead: a number in [0, 1) (default 0)
    outlier_variance: Δ_o, variance of the noise of outliers: a number from 0 to 1e200 (default 0)
    finite_dimension: d, finite-size option: strength of the mean channels: a number > 0, or inf (default inf)
    samples: n, number of samples, in the unit of the multiplicities: a number > 0, or inf
    eigenvalues: ω, eigenvalues of the covariance of the features, or nodes of a limiting law: a list of numbers (default those of a power law)
    multiplicities: how often each eigenvalue occurs: a list of numbers (default 1 each)
    signal: b², squared covariance of label and features, summed over each level: a list of numbers (default that of a power law)
    eigenvalue_exponent: a, exponent of eigenvalues i^−a: a finite number >= 0 (default listed eigenvalues)
    signal_exponent: s, exponent of the signal ω_i i^−s of a power law: a finite number (default listed signal)
    count: p, number of eigenvalues of a power law: a whole number from 1 to 10000000 (default listed eigenvalues)
    unexplained: variance of the clean label that no readout of the features explains: a number from 0 to 1e200 (default 0, or what secondMoment leaves)
    second_moment: ρ, second moment of the label with its noise, instead of unexplained: a number from 0 to 1e200 (default by unexplained)
    teacher: how labels follow from the teacher's field: one of "sign", "probit", "logistic", "regression" (default none, for the square loss)
    teacher_variance: ρ_ν, variance of the teacher's field: a finite number > 0 (default none)
    teacher_shift: added to the teacher's field of labels ±1: a finite number (default 0)
    logistic_scale: k, steepness of logistic labels: a finite number > 0 (default 1)
    huber_threshold: δ, threshold of the loss "huber": a finite number > 0 (default none)
    intercept: c₀, whether a constant is fitted, for a loss with a teacher: true or false (default false)
    input_eigenvalues: Σ, eigenvalues of the covariance of the inputs: a list of numbers
    input_multiplicities: how often each of them occurs: a list of numbers (default 1 each)
    teacher_power: θ², squared teacher direction, summed over each level: a list of numbers
    widths: p, width of each random layer, from the inputs up: a list of numbers
    optimal_ridge: λ*, asks for the ridge of least test error, of either sign or not negative: "nonNegative" or "anySign" (default the ridge that is given)
    steps: gradient steps, each {"learningRate": ..., "stepSampleRatio": ...}
    spikes: spikes in several directions, one row per group
    special_covariance: covariance of the bulk along the special directions, times d
    zeta_basis: basis of the directions that special_covariance speaks of
    x: the horizontal parameter and its values
    y: the vertical one
    quantity: what is shown (default testError, of margins testClassificationError)
    minus: what differs in the model that is subtracted
    levels: contour lines
    boundaries: lines where something happens

    Raises
    ------
    ParameterError: an argument is not legal; it has the parameter, the value and the legal range.
    """
    return call("map", Map, locals())
