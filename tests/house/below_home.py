"""Finds paths below the home folder that are built outside `bot/home`, in the source.

These expressions count as below the home folder: `home`, as a name or an attribute; every attribute of it except
those above it (`home.parent`); what its methods return; an attribute with the name of one of its folders
(`.recordings`) or `folder`, which a take and a sound check have; and each name that is assigned one of these, in the
function in which that happens.

The names of its places count as parts of a path. `clips` in the layout of an export differs from the home's by what is
left of it: the folder of an export is a plain parameter, `folder` or `out`, never an attribute.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

FOLDERS = {"recordings", "clips", "checks", "exports", "unfinished", "backups"}
PARTS = {*FOLDERS, "promptbook.sqlite3", "journal.jsonl", ".lock"}
ABOVE = {"parent", "parents", "name", "anchor"}
EXPORTS = {"folder", "out"}
"""The parameters by which modules of the dataset name the folder of an export."""

IN_EXPORTS = "clips"
"""Names that exist below both."""

_Function = ast.FunctionDef | ast.AsyncFunctionDef


def joins_below_home(source: str) -> list[str]:
    """Each place in a module that builds a path below the home folder: its line number and the code."""
    tree = ast.parse(source)
    in_functions = _in_functions(tree)
    outside = [node for node in ast.walk(tree) if node not in in_functions]
    everywhere = _names_below_home(outside, {"home"})
    found = {*_joins_in(outside, everywhere)}
    for function in (node for node in ast.walk(tree) if isinstance(node, _Function)):
        inside = list(ast.walk(function))
        found |= {*_joins_in(inside, _names_below_home(inside, everywhere))}
    found |= {node for node in ast.walk(tree) if isinstance(node, ast.expr) and _names_a_place(node)}
    in_order = sorted(found, key=lambda node: (node.lineno, node.col_offset))
    return [f"{node.lineno}: {ast.unparse(node)}" for node in in_order]


def _in_functions(tree: ast.Module) -> set[ast.AST]:
    return {node for function in ast.walk(tree) if isinstance(function, _Function) for node in ast.walk(function)}


def _joins_in(nodes: Sequence[ast.AST], known: set[str]) -> Iterator[ast.expr]:
    for node in nodes:
        if isinstance(node, ast.expr) and any(_is_below_home(base, known) for base in _joined(node)[:1]):
            yield node


def _names_below_home(nodes: Sequence[ast.AST], known: set[str]) -> set[str]:
    """The known names, and all names that are assigned something below the home folder, directly or through others."""
    new = {
        name.id
        for node in nodes
        if isinstance(node, ast.Assign | ast.AnnAssign | ast.NamedExpr) and node.value
        if _is_below_home(node.value, known)
        for name in (node.targets if isinstance(node, ast.Assign) else [node.target])
        if isinstance(name, ast.Name)
    }
    return known if new <= known else _names_below_home(nodes, known | new)


def _is_below_home(node: ast.expr, known: set[str]) -> bool:
    match node:
        case ast.Name(id=name):
            return name in known
        case ast.Attribute(attr="home" | "folder"):
            return True
        case ast.Attribute(value=value, attr=name):
            return name in FOLDERS or (name not in ABOVE and _is_below_home(value, known))
        case ast.Call(func=ast.Attribute(value=value, attr=name)):
            return name not in ("with_name", "exists", "read_text") and _is_below_home(value, known)
        case ast.Call(func=ast.Name(id="Path" | "Home"), args=[one]):
            return _is_below_home(one, known)
        case ast.BinOp(left=left, op=ast.Div()):
            return _is_below_home(left, known)
        case _:
            return False


def _joined(node: ast.AST) -> list[ast.expr]:
    """The parts that a path is joined from: `a / b`, `a.joinpath(b)`, `Path(a, b)`, `os.path.join(a, b)`."""
    match node:
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            return [left, right]
        case ast.Call(func=ast.Attribute(value=value, attr="joinpath"), args=parts):
            return [value, *parts]
        case ast.Call(func=ast.Attribute(value=value, attr="with_name"), args=parts):
            # `home` is the folder itself, so a name that is not one of its places is beside it.
            return parts if ast.unparse(value).split(".")[-1] in ("home", "folder") else [value, *parts]
        case ast.Call(func=ast.Name(id="Path" | "PurePath"), args=[_, _, *_] as parts):
            return parts
        case ast.Call(func=ast.Attribute(value=ast.Attribute(attr="path"), attr="join"), args=parts):
            return parts
        case _:
            return []


def _names_a_place(node: ast.AST) -> bool:
    match node:
        case ast.Constant(value="promptbook.sqlite3" | "journal.jsonl"):
            return True
        case ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return _is_in_a_place(text, PARTS - {IN_EXPORTS}) and "/" in text
    parts = _joined(node)
    of_export = bool(parts) and isinstance(parts[0], ast.Name) and parts[0].id in EXPORTS
    return any(_begins_in_a_place(part, PARTS - {IN_EXPORTS} if of_export else PARTS) for part in parts)


def _begins_in_a_place(part: ast.expr, places: set[str]) -> bool:
    match part:
        case ast.Constant(value=str(text)) | ast.JoinedStr(values=[ast.Constant(value=str(text)), *_]):
            return _is_in_a_place(text, places)
        case _:
            return False


def _is_in_a_place(text: str, places: set[str]) -> bool:
    return text.split("/")[0] in places
