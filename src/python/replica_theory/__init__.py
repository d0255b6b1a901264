"""Learning curves of two-layer networks, ridge regression and your own equations: theory and simulation.

The calculations run in one Node process per interpreter, which starts with the first call and ends with the interpreter. Arguments are the
parameters of the library in snake_case; infinity is ``math.inf``.

>>> import replica_theory as rt
>>> solution = rt.solve(model="randomFeatures", student="tanh", target="sin", sample_ratio=2, width_ratio=1, ridge=0.1)
>>> round(solution.test_error, 6)
0.2376
"""

from ._data import equations, learning_curve_from_data
from ._errors import ConvergenceError, ExpressionError, NodeError, ParameterError, QuadratureError, ReplicaTheoryError
from ._functions import (
    bounds,
    compare,
    curve,
    derivatives,
    learned_function,
    map,
    optimum,
    simulate,
    solve,
    spectrum,
    weights,
)
from ._process import close, node_pid
from ._results import (
    Bounds,
    Curve,
    DataCurve,
    Derivatives,
    Equations,
    Estimate,
    LearnedFunction,
    Map,
    Optimum,
    Result,
    SimulatedPoint,
    Simulation,
    Solution,
    Spectrum,
    Weights,
)

__version__ = "0.2.0"

__all__ = [
    "Bounds",
    "ConvergenceError",
    "Curve",
    "DataCurve",
    "Derivatives",
    "Equations",
    "Estimate",
    "ExpressionError",
    "LearnedFunction",
    "Map",
    "NodeError",
    "Optimum",
    "ParameterError",
    "QuadratureError",
    "ReplicaTheoryError",
    "Result",
    "SimulatedPoint",
    "Simulation",
    "Solution",
    "Spectrum",
    "Weights",
    "bounds",
    "close",
    "compare",
    "curve",
    "derivatives",
    "equations",
    "learned_function",
    "learning_curve_from_data",
    "map",
    "node_pid",
    "optimum",
    "simulate",
    "solve",
    "spectrum",
    "weights",
]
