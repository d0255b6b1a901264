"""Runs the code cells of a notebook one after the other; writes, as JSON, what each printed, its last value and whether that has a picture."""

import ast
import contextlib
import io
import json
import sys

with open(sys.argv[1], encoding="utf-8") as file:
    cells = [cell for cell in json.load(file)["cells"] if cell["cell_type"] == "code"]
names: dict = {}
shown = []
for cell in cells:
    body = ast.parse("".join(cell["source"])).body
    last = ast.Expression(body.pop().value) if isinstance(body[-1], ast.Expr) else None
    printed = io.StringIO()
    with contextlib.redirect_stdout(printed):
        exec(compile(ast.Module(body, []), "cell", "exec"), names)
        value = eval(compile(last, "cell", "eval"), names) if last else None
    picture = value._repr_svg_() if hasattr(value, "_repr_svg_") else None
    shown.append({"printed": printed.getvalue(), "value": None if value is None else repr(value), "svg": picture})
print(json.dumps(shown))
