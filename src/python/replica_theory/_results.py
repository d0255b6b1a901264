"""Results as plain data, which notebooks show as tables and figures."""

from __future__ import annotations

import dataclasses
import html
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Dict, Iterator, List, Mapping, Optional, Sequence, TypeVar

from ._names import snake
from ._values import decode_column, number

if TYPE_CHECKING:
    import pandas

Self = TypeVar("Self", bound="Result")

#: Digits of a number in a table of a notebook.
_DIGITS = 6
#: Rows of a table of a notebook.
_ROWS = 20


@dataclass(frozen=True)
class Result:
    """What every result has; ``more`` holds what has no field of its own."""

    more: Dict[str, Any] = field(default_factory=dict, repr=False)

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        """The result from the data of the library."""
        known = {item.name for item in dataclasses.fields(cls)} - {"more"}
        named = {snake(name): number(value) for name, value in data.items()}
        fields = {name: value for name, value in named.items() if name in known}
        rest = {name: value for name, value in named.items() if name not in known and name != "status"}
        return cls(**fields, more=rest)

    def table(self) -> Dict[str, Sequence[Any]]:
        """Columns for a table: one row of the fields that are numbers."""
        items = {**{item.name: getattr(self, item.name) for item in dataclasses.fields(self)}, **self.more}
        plain = {name: value for name, value in items.items() if isinstance(value, (int, float, str))}
        return {name: [value] for name, value in plain.items()}

    def to_frame(self) -> "pandas.DataFrame":
        """A pandas data frame.

        Raises
        ------
        ImportError: pandas is not installed
        """
        import pandas

        return pandas.DataFrame(self.table())

    def _repr_html_(self) -> str:
        return _html_table(self.table())


def _html_table(columns: Mapping[str, Sequence[Any]]) -> str:
    count = max((len(values) for values in columns.values()), default=0)
    head = "".join(f"<th>{html.escape(name)}</th>" for name in columns)
    rows = "".join(
        "<tr>" + "".join(f"<td>{html.escape(_shown(values[i]))}</td>" for values in columns.values()) + "</tr>"
        for i in range(min(count, _ROWS))
    )
    more = f"<p>{count - _ROWS} more rows</p>" if count > _ROWS else ""
    return f"<table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>{more}"


def _shown(value: Any) -> str:
    return format(value, f".{_DIGITS}g") if isinstance(value, float) else str(value)


@dataclass(frozen=True)
class Solution(Result):
    """A solved point. The overlaps and what only some models have are in ``more``: ``more["psi"]``, ``more["Q1"]``."""

    test_error: Optional[float] = None
    excess_risk: Optional[float] = None
    train_error: Optional[float] = None
    objective: Optional[float] = None
    test_classification_error: Optional[float] = None
    train_classification_error: Optional[float] = None
    test_loss: Optional[float] = None
    train_loss: Optional[float] = None
    error_estimate: Optional[float] = None
    residual: Optional[float] = None
    iterations: Optional[int] = None
    notices: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class Curve(Result):
    """A learning curve by columns; ``curve["test_error"]`` is one of them, ``len(curve)`` the number of its points.

    A point that failed has its reason in the columns ``status`` and ``message``, and NaN in the others.
    """

    columns: Dict[str, Any] = field(default_factory=dict, repr=False)
    x: str = "sample_ratio"
    series: List[str] = field(default_factory=list)
    notices: List[str] = field(default_factory=list)

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        columns = {_column(name): decode_column(values) for name, values in data["columns"].items()}
        named = {"x": snake(data["x"]), "series": [snake(name) for name in data["series"]]}
        return cls(columns=columns, notices=list(data["notices"]), more={}, **named)  # type: ignore[call-arg]

    def __len__(self) -> int:
        return len(next(iter(self.columns.values()), ()))

    def __getitem__(self, name: str) -> Any:
        return self.columns[name]

    def rows(self) -> Iterator[Dict[str, Any]]:
        """The points one by one, without what they lack."""
        for i in range(len(self)):
            row = {name: values[i] for name, values in self.columns.items()}
            yield {name: value for name, value in row.items() if value is not None and value == value}

    def table(self) -> Dict[str, Sequence[Any]]:
        return self.columns

    def figure(
        self,
        *,
        quantity: Optional[str] = None,
        baselines: Optional[Sequence[str]] = None,
        title: Optional[str] = None,
        width: Optional[float] = None,
        height: Optional[float] = None,
        font_size: Optional[float] = None,
        x_range: Optional[Sequence[float]] = None,
        y_range: Optional[Sequence[float]] = None,
        log_x: bool = False,
        log_y: bool = False,
    ) -> Dict[str, Any]:
        """The Vega-Lite specification of the figure: lines for theory, crosses with error bars for simulated networks."""
        options = {key: value for key, value in locals().items() if key != "self"}
        return self._drawn(options, "vega-lite")

    def svg(self, **options: Any) -> str:
        """The figure as SVG, with the options of :meth:`figure`."""
        text: str = self._drawn(options, "svg")["svg"]
        return text

    def _drawn(self, options: Mapping[str, Any], kind: str) -> Dict[str, Any]:
        from ._calls import answer
        from ._names import camel
        from ._values import binary_array

        sent = {
            ".".join(camel(part) for part in name.split(".")): _sendable(binary_array, name, values)
            for name, values in self.columns.items()
        }
        given = {camel(name): value for name, value in options.items() if value is not None}
        if "quantity" in given:
            given["quantity"] = camel(given["quantity"])
        axes = {"x": camel(self.x), "series": [camel(name) for name in self.series]}
        drawn: Dict[str, Any] = answer("figure", {"columns": sent, **axes, **given, "format": kind})
        return drawn

    def _repr_svg_(self) -> Optional[str]:
        return self.svg() if len(self) > 1 else None

    def _repr_mimebundle_(self, **_: Any) -> Dict[str, Any]:
        table = {"text/html": self._repr_html_(), "text/plain": repr(self)}
        svg = self._repr_svg_()
        if svg is None:
            return table
        folded = f"<details><summary>{len(self)} points</summary>{table['text/html']}</details>"
        return {**table, "image/svg+xml": svg, "text/html": svg + folded}


def _sendable(binary: Any, name: str, values: Any) -> Any:
    return values if isinstance(values, list) else binary(name, values)


def _column(name: str) -> str:
    return ".".join(snake(part) for part in name.split("."))


@dataclass(frozen=True)
class Estimate(Result):
    """A mean over simulated networks."""

    mean: float = math.nan
    standard_error: float = math.nan


@dataclass(frozen=True)
class SimulatedPoint(Result):
    """What simulated networks have at one sample ratio and ridge."""

    sample_ratio: float = math.nan
    ridge: float = math.nan
    test_error: Estimate = field(default_factory=Estimate)
    train_error: Estimate = field(default_factory=Estimate)
    objective: Estimate = field(default_factory=Estimate)

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        errors = ("testError", "trainError", "objective")
        plain = {snake(name): number(value) for name, value in data.items() if name not in errors}
        estimates = {snake(name): Estimate.from_json(data[name]) for name in errors}
        own = {name: plain.pop(name) for name in ("sample_ratio", "ridge")}
        return cls(**own, **estimates, more=plain)


@dataclass(frozen=True)
class Simulation(Result):
    """Simulated finite networks."""

    points: List[SimulatedPoint] = field(default_factory=list)
    trials: int = 0
    backend: str = ""

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        points = [SimulatedPoint.from_json(point) for point in data["points"]]
        return cls(points=points, trials=data["trials"], backend=data["backend"])  # type: ignore[call-arg]

    def table(self) -> Dict[str, Sequence[Any]]:
        columns: Dict[str, Sequence[Any]] = {
            "sample_ratio": [point.sample_ratio for point in self.points],
            "ridge": [point.ridge for point in self.points],
        }
        for name in ("test_error", "train_error", "objective"):
            estimates: List[Estimate] = [getattr(point, name) for point in self.points]
            columns[name] = [estimate.mean for estimate in estimates]
            columns[f"{name}_standard_error"] = [estimate.standard_error for estimate in estimates]
        return columns


@dataclass(frozen=True)
class LearnedFunction(Result):
    """The learned function along the target (at ``t``) and along the spike (at ``kappa``)."""

    test_error: float = math.nan
    along_target: Optional[List[float]] = None
    target: Optional[List[float]] = None
    along_spike: Optional[List[float]] = None
    notices: List[str] = field(default_factory=list)

    def table(self) -> Dict[str, Sequence[Any]]:
        if self.along_target is None or self.target is None:
            return super().table()
        return {"target": self.target, "along_target": self.along_target}


@dataclass(frozen=True)
class Bounds(Result):
    """Bounds on the test error of any readout: ``lower`` is reached by the best, ``upper`` with the means of the features alone."""

    lower: float = math.nan
    upper: float = math.nan
    linear_baseline: float = math.nan
    lower_coefficients: List[float] = field(default_factory=list)
    upper_coefficients: List[float] = field(default_factory=list)


@dataclass(frozen=True)
class Weights(Result):
    """Singular values of the weights after the step; ``outlier`` is None where there is none."""

    bulk: List[float] = field(default_factory=list)
    threshold: float = math.nan
    spike_norm: float = math.nan
    outlier: Optional[float] = None


@dataclass(frozen=True)
class Spectrum(Result):
    """Eigenvalues of the features: density on a grid, edges of its bands, mass at zero, outliers."""

    grid: List[float] = field(default_factory=list, repr=False)
    density: List[float] = field(default_factory=list, repr=False)
    edges: List[Any] = field(default_factory=list)
    mass_at_zero: float = 0.0
    outliers: List[float] = field(default_factory=list)

    def table(self) -> Dict[str, Sequence[Any]]:
        return {"eigenvalue": self.grid, "density": self.density}


@dataclass(frozen=True)
class Optimum(Result):
    """Best values by the names of the parameters, and what is reached there."""

    at: Dict[str, float] = field(default_factory=dict)
    value: float = math.nan
    error_estimate: float = math.nan

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        at = {snake(name): number(value) for name, value in data["at"].items()}
        rest = {snake(name): number(value) for name, value in data.items() if name not in ("at", "status")}
        own = {name: rest.pop(name) for name in ("value", "error_estimate")}
        return cls(at=at, **own, more=rest)  # type: ignore[call-arg]

    def table(self) -> Dict[str, Sequence[Any]]:
        return {**{name: [value] for name, value in self.at.items()}, "value": [self.value]}


@dataclass(frozen=True)
class Derivatives(Result):
    """``derivatives[parameter][quantity]`` has ``value`` and ``error``."""

    derivatives: Dict[str, Dict[str, Dict[str, float]]] = field(default_factory=dict)

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        named = {
            snake(parameter): {snake(name): number(value) for name, value in numbers.items()}
            for parameter, numbers in data["derivatives"].items()
        }
        return cls(derivatives=named)  # type: ignore[call-arg]

    def table(self) -> Dict[str, Sequence[Any]]:
        rows = [
            (quantity, parameter, entry["value"], entry["error"])
            for parameter, numbers in self.derivatives.items()
            for quantity, entry in numbers.items()
            if isinstance(entry, dict) and "value" in entry
        ]
        return dict(zip(("quantity", "by", "derivative", "error"), map(list, zip(*rows)))) if rows else {}


@dataclass(frozen=True)
class Map(Result):
    """An observable over two parameters: a row of ``values`` for each value of ``y``; None where there is no solution."""

    x: Dict[str, List[float]] = field(default_factory=dict, repr=False)
    y: Dict[str, List[float]] = field(default_factory=dict, repr=False)
    values: List[List[Optional[float]]] = field(default_factory=list, repr=False)
    error_estimates: List[List[Optional[float]]] = field(default_factory=list, repr=False)
    lines: List[Any] = field(default_factory=list, repr=False)

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        axes = {axis: {snake(name): number(values) for name, values in data[axis].items()} for axis in ("x", "y")}
        rest = {snake(name): number(data[name]) for name in ("values", "errorEstimates", "lines")}
        return cls(**axes, **rest)

    def table(self) -> Dict[str, Sequence[Any]]:
        ((x_name, x_values),) = self.x.items()
        ((y_name, y_values),) = self.y.items()
        return {
            x_name: list(x_values) * len(y_values),
            y_name: [y for y in y_values for _ in x_values],
            "value": [value for row in self.values for value in row],
        }


Row = Dict[str, Any]


@dataclass(frozen=True)
class DataCurve(Result):
    """The learning curve that a data set predicts: ``rows`` for every n and ridge, and the ``best`` ridge of each n."""

    rows: List[Row] = field(default_factory=list, repr=False)
    best: List[Row] = field(default_factory=list)
    sample_count: int = 0
    rank: int = 0

    @classmethod
    def from_json(cls: type[Self], data: Mapping[str, Any]) -> Self:
        own: Dict[str, Any] = {name: [_snake_row(row) for row in data[name]] for name in ("rows", "best")}
        return cls(**own, sample_count=data["sampleCount"], rank=data["rank"])  # type: ignore[call-arg]

    def table(self) -> Dict[str, Sequence[Any]]:
        return _columns(self.rows)


@dataclass(frozen=True)
class Equations(Result):
    """A solution of one's own equations: ``values`` of the unknowns and ``observables``; of a branch, a curve or a search the ``rows``."""

    values: Dict[str, float] = field(default_factory=dict)
    observables: Dict[str, float] = field(default_factory=dict)
    stable: Optional[bool] = None
    residual: Optional[float] = None
    error_estimate: Optional[float] = None
    rows: List[Row] = field(default_factory=list, repr=False)
    solutions: List[Row] = field(default_factory=list, repr=False)
    events: List[Row] = field(default_factory=list)

    def table(self) -> Dict[str, Sequence[Any]]:
        listed = self.rows or self.solutions
        if listed:
            return _columns([_flat(row) for row in listed])
        return {name: [value] for name, value in {**self.values, **self.observables}.items()}


def _snake_row(row: Mapping[str, Any]) -> Row:
    return {snake(name): number(value) for name, value in row.items()}


def _flat(row: Mapping[str, Any]) -> Row:
    """Fields within fields beside the others, under the names of the user's symbols."""
    flat: Row = {}
    for name, value in row.items():
        flat.update(value) if isinstance(value, dict) else flat.update({snake(name): value})
    return flat


def _columns(rows: Sequence[Row]) -> Dict[str, Sequence[Any]]:
    names = {name: None for row in rows for name in row}
    return {name: [row.get(name) for row in rows] for name in names}
