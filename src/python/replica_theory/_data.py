"""Functions whose arguments are data: one's own data set, one's own equations."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any, Mapping, Sequence, Union

from ._calls import ArrayLike, Floats, Progress, answer
from ._results import DataCurve, Equations
from ._values import binary_array, encode

Matrix = Union[Sequence[Sequence[float]], ArrayLike]


def learning_curve_from_data(
    features: Matrix | None = None,
    labels: Floats | None = None,
    *,
    gram: Matrix | None = None,
    samples: Floats,
    ridges: Floats,
    intercept: bool = False,
    anchor: str = "loo",
    progress: Progress = None,
) -> DataCurve:
    """The learning curve of ridge regression that one data set predicts, without retraining.

    Parameters
    ----------
    features: one row a sample, or instead of them ``gram``, their Gram or kernel matrix
    labels: one number a sample
    samples: the numbers n of training samples, also beyond the data
    ridges: the ridge penalties, not divided by n
    intercept: whether a constant is fitted
    anchor: what the errors rest on: "loo" (default), "gcv" or "conditional"

    Raises
    ------
    ParameterError: an argument is not legal, named by row and column where it is a number of the data
    """
    tables = {"features": features, "gram": gram, "labels": labels}
    params = {name: binary_array(name, value) for name, value in tables.items() if value is not None}
    lists = {"samples": encode("samples", samples), "ridges": encode("ridges", ridges)}
    result = answer("learningCurveFromData", {**params, **lists, "intercept": intercept, "anchor": anchor}, progress)
    return DataCurve.from_json(result)


def equations(
    problem: Mapping[str, Any] | str | os.PathLike[str],
    *,
    branch: Mapping[str, Any] | None = None,
    sweep: Mapping[str, Floats] | None = None,
    all: bool = False,
) -> Equations:
    """Saddle-point equations of one's own: the solution from the start, a curve, a branch, or every solution.

    Parameters
    ----------
    problem: ``unknowns``, ``parameters``, ``equations``, ``where``, ``observables``, ``freeEnergy``, ... as in the catalogue of the
        documentation, or the path of a JSON file with them
    branch: ``over`` (a parameter), ``from``, ``to`` and ``follow``: the branch through its folds, with its transitions
    sweep: values of a parameter: the curve
    all: every solution that is found from many starts

    Raises
    ------
    ParameterError, ExpressionError: the problem is not legal
    ConvergenceError: there is no solution, or it was not found
    """
    if isinstance(problem, Mapping):
        fields = dict(problem)
    else:
        fields = json.loads(Path(problem).read_text(encoding="utf-8"))
        fields.pop("branch", None)
    tasks = {"branch": branch, "sweep": sweep, "all": all or None}
    given = {**fields, **{name: value for name, value in tasks.items() if value is not None}}
    return Equations.from_json(answer("equations", {name: encode(name, value) for name, value in given.items()}))
