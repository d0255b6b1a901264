"""Errors of the library as exceptions."""

from __future__ import annotations

from typing import Any, Mapping


class ReplicaTheoryError(Exception):
    """Any error of the library; ``details`` has all its fields."""

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.details: Mapping[str, Any] = details or {}


class ParameterError(ReplicaTheoryError, ValueError):
    """An argument outside its legal range; nothing was calculated."""

    def __init__(self, parameter: str, value: object, legal_range: str) -> None:
        super().__init__(f"{parameter} = {value!r} is not legal: {legal_range}")
        self.parameter = parameter
        self.value = value
        self.legal_range = legal_range


class ExpressionError(ReplicaTheoryError, ValueError):
    """A formula that cannot be read."""


class QuadratureError(ReplicaTheoryError, ArithmeticError):
    """A Gaussian average that does not exist or does not converge."""


class ConvergenceError(ReplicaTheoryError, ArithmeticError):
    """A point that has no solution, or whose solution was not found; ``status`` says which."""

    def __init__(self, message: str, details: Mapping[str, Any] | None = None) -> None:
        super().__init__(message, details)
        self.status: str = str(self.details.get("status", ""))


class NodeError(ReplicaTheoryError, RuntimeError):
    """Node is not there, or its process ended in the middle of a call; the next call starts another."""
