"""Names as Python and as the library write them."""

from __future__ import annotations

import re


def snake(name: str) -> str:
    """testError is test_error; Q1 stays."""
    return re.sub(r"([a-z0-9])([A-Z])", lambda found: f"{found[1]}_{found[2].lower()}", name)


def camel(name: str) -> str:
    """sample_ratio is sampleRatio."""
    return re.sub(r"(?<=[a-z0-9])_([a-z0-9])", lambda found: found[1].upper(), name)
