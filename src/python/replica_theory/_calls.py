"""Calls: arguments to parameters, answers to results."""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import Any, Callable, Dict, Iterator, Mapping, Optional, Protocol, Sequence, TypeVar, Union

from . import _errors
from ._names import camel, snake
from ._process import request
from ._results import Result
from ._values import encode, number

#: None: a bar on a terminal or in a notebook; True, False, or a function of how many are done and of how many in all.
Progress = Union[bool, Callable[[int, int], None], None]


class ArrayLike(Protocol):
    """A NumPy array, a pandas series, a tensor."""

    def tolist(self) -> Any: ...


#: Several numbers.
Floats = Union[Sequence[float], ArrayLike]

R = TypeVar("R", bound=Result)

#: Arguments whose keys or items are names of parameters.
_NAMES = ("over", "by", "x", "y", "minus", "minimise", "quantity", "budget")


def call(method: str, result: type[R], arguments: Mapping[str, Any]) -> R:
    """The result of a method whose arguments are parameters in snake_case; those that are None are left out."""
    progress: Progress = arguments.get("progress")
    given = {name: value for name, value in arguments.items() if name != "progress" and value is not None}
    if "dimension" in arguments and method == "curve":
        given.setdefault("simulate", "model")
    params = {camel(name): encode(name, _named(value) if name in _NAMES else value) for name, value in given.items()}
    return result.from_json(answer(method, params, progress if "progress" in arguments else False))


def _named(value: Any) -> Any:
    if isinstance(value, str):
        return camel(value)
    if isinstance(value, Mapping):
        return {camel(str(key)): _named(item) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        return [_named(item) for item in value]
    return value


def answer(method: str, params: Any, progress: Progress = False) -> Any:
    """The result of a request as data.

    Raises
    ------
    ReplicaTheoryError: the error of the library, by its name
    """
    with _reporter(progress, method) as on_progress:
        message = request(method, params, on_progress)
    if "error" in message:
        raise _exception(message["error"], method)
    result = message["result"]
    if isinstance(result, dict) and "detail" in result and result.get("status") != "converged":
        raise _errors.ConvergenceError(f"{result['status']}: {result['detail']}", result)
    return result


def _exception(error: Dict[str, Any], method: str) -> Exception:
    if error["name"] == "ParameterError":
        # The names in equations are the user's.
        parameter = error["parameter"] if method == "equations" else snake(error["parameter"])
        exception = _errors.ParameterError(parameter, number(error.get("value")), error["legal"])
        exception.details = error
        return exception
    kind: type[_errors.ReplicaTheoryError] = {
        "ExpressionError": _errors.ExpressionError,
        "QuadratureError": _errors.QuadratureError,
        "ConvergenceError": _errors.ConvergenceError,
    }.get(error["name"], _errors.ReplicaTheoryError)
    return kind(error["message"], error)


@contextmanager
def _reporter(progress: Progress, what: str) -> Iterator[Optional[Callable[[int, int], None]]]:
    """What is told how far a call is."""
    if callable(progress):
        yield progress
        return
    wanted = progress if progress is not None else sys.stderr.isatty() or "ipykernel" in sys.modules
    try:
        from tqdm.auto import tqdm
    except ImportError:
        wanted = False
    if not wanted:
        yield None
        return
    with tqdm(total=1, desc=what, leave=False, delay=0.5) as bar:

        def update(completed: int, total: int) -> None:
            bar.total = total
            bar.update(completed - bar.n)

        yield update
