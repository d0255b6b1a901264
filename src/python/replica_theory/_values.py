"""Values as the library takes and gives them."""

from __future__ import annotations

import array
import base64
import math
import sys
from typing import Any, Mapping

from ._errors import ParameterError

#: Shorter lists are sent as decimal text, which is as fast and can be read.
_SHORT = 64

_FORMULA = 'a name such as "tanh", or a formula in x such as "tanh(2*x) + 0.1*x^3": a function cannot leave Python'


def encode(name: str, value: Any) -> Any:
    """The value as JSON has it: inf as text, long lists and arrays in binary.

    Raises
    ------
    ParameterError: a function, NaN, or what has no counterpart in JSON
    """
    if value is None or isinstance(value, (str, bool, int)):
        return value
    if isinstance(value, float):
        return _number(name, value)
    if callable(value):
        raise ParameterError(name, value, _FORMULA)
    if isinstance(value, Mapping):
        return {str(key): encode(f"{name}.{key}", item) for key, item in value.items()}
    if hasattr(value, "tolist"):
        return _array(name, value)
    try:
        items = list(value)
    except TypeError:
        raise ParameterError(name, value, "a number, a text, a list, a mapping or an array of numbers") from None
    if len(items) > _SHORT and all(type(item) in (float, int) for item in items):
        return _binary(array.array("d", items))
    return [encode(f"{name}[{i}]", item) for i, item in enumerate(items)]


def _number(name: str, value: float) -> float | str:
    if math.isnan(value):
        raise ParameterError(name, value, "a number, not NaN")
    if math.isinf(value):
        return "inf" if value > 0 else "-inf"
    return float(value)


def _array(name: str, value: Any) -> Any:
    """NumPy arrays and scalars, pandas series and frames, tensors on the processor."""
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    shape = tuple(getattr(value, "shape", ()))
    kind = getattr(getattr(value, "dtype", None), "kind", "")
    if kind not in ("f", "i", "u") or len(shape) not in (1, 2) or math.prod(shape) <= _SHORT:
        return encode(name, value.tolist())
    import numpy

    numbers = numpy.ascontiguousarray(value, dtype="<f8")
    return _text(numbers.tobytes(), shape)


def binary_array(name: str, value: Any) -> Any:
    """A list or matrix of numbers in binary, whatever its length.

    Raises
    ------
    ParameterError: rows of different lengths, or what is no number
    """
    if hasattr(value, "to_numpy"):
        value = value.to_numpy()
    if hasattr(value, "dtype") and hasattr(value, "tobytes"):
        import numpy

        shape = value.shape
        if value.dtype.kind not in "fiub" or len(shape) not in (1, 2):
            raise ParameterError(name, f"array of shape {shape} and type {value.dtype}", "one or two axes of numbers")
        return _text(numpy.ascontiguousarray(value, dtype="<f8").tobytes(), shape)
    rows = list(value)
    try:
        if rows and not isinstance(rows[0], (int, float)):
            flat = array.array("d", [item for row in rows for item in row])
            if any(len(row) != len(rows[0]) for row in rows):
                raise ParameterError(name, "rows of different lengths", "rows of equal length")
            return _binary(flat, (len(rows), len(rows[0])))
        return _binary(array.array("d", rows))
    except TypeError as error:
        raise ParameterError(name, value, f"a list or matrix of numbers ({error})") from None


def _binary(numbers: "array.array[float]", shape: tuple[int, ...] | None = None) -> Any:
    if sys.byteorder == "big":
        numbers.byteswap()
    return _text(numbers.tobytes(), shape)


def _text(data: bytes, shape: tuple[int, ...] | None) -> Any:
    text: dict[str, Any] = {"float64": base64.b64encode(data).decode("ascii")}
    return text if shape is None else {**text, "shape": list(shape)}


def decode_column(value: Any) -> Any:
    """A column: a NumPy array where there is NumPy, an array of the standard library otherwise; a list for what is no number."""
    if not isinstance(value, Mapping):
        return [number(item) for item in value]
    data = base64.b64decode(value["float64"])
    try:
        import numpy
    except ImportError:
        numbers = array.array("d")
        numbers.frombytes(data)
        if sys.byteorder == "big":
            numbers.byteswap()
        return numbers
    return numpy.frombuffer(data, dtype="<f8").astype(float)


def number(value: Any) -> Any:
    """inf and -inf, which JSON lacks, anywhere in a value."""
    if value == "inf":
        return math.inf
    if value == "-inf":
        return -math.inf
    if isinstance(value, list):
        return [number(item) for item in value]
    if isinstance(value, dict):
        return {key: number(item) for key, item in value.items()}
    return value
