"""Who changes what, read from the source: live objects change themselves, the store changes within a transaction."""

from __future__ import annotations

import ast
from collections.abc import Iterator

CHANGING = {"add", "append", "clear", "discard", "extend", "insert", "pop", "popitem", "remove", "setdefault", "update"}
"""Methods that change a set, a list or a mapping."""

WRITES = ("INSERT", "UPDATE", "DELETE", "REPLACE", "CREATE", "DROP", "ALTER")


def fields_of(source: str) -> frozenset[str]:
    """The attributes that the classes of a module set on themselves."""
    return frozenset(
        target.attr
        for node in ast.walk(ast.parse(source))
        for target in _targets(node)
        if isinstance(target, ast.Attribute) and _is_self(target.value)
    )


def changed_from_outside(source: str, fields: frozenset[str]) -> list[str]:
    """The places at which a module assigns such an attribute of another object, or changes what it holds."""
    found: list[str] = []
    for node in ast.walk(ast.parse(source)):
        for target in _targets(node):
            if isinstance(target, ast.Subscript):
                target = target.value
            if isinstance(target, ast.Attribute) and target.attr in fields and not _is_self(target.value):
                found.append(f"line {target.lineno}: {ast.unparse(target)}")
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CHANGING:
            held = node.func.value
            if isinstance(held, ast.Attribute) and held.attr in fields and not _is_self(held.value):
                found.append(f"line {node.lineno}: {ast.unparse(node.func)}")
    return found


def writes_without_transaction(source: str) -> list[str]:
    """The functions of a module that change the store and take no Transaction."""
    return [
        f"{function.name} (line {function.lineno})"
        for function in ast.walk(ast.parse(source))
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef)
        and any(_writes(node) for node in ast.walk(function))
        and not any("Transaction" in ast.unparse(arg.annotation) for arg in function.args.args if arg.annotation)
    ]


def _writes(node: ast.AST) -> bool:
    if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
        return False
    if node.func.attr == "insert":
        return bool(node.keywords)
    texts = [one.value for argument in node.args[:1] for one in ast.walk(argument) if isinstance(one, ast.Constant)]
    return any(isinstance(text, str) and text.lstrip().upper().startswith(WRITES) for text in texts)


def _targets(node: ast.AST) -> Iterator[ast.expr]:
    match node:
        case ast.Assign(targets):
            for target in targets:
                yield from target.elts if isinstance(target, ast.Tuple) else [target]
        case ast.AugAssign(target) | ast.AnnAssign(target):
            yield target
        case ast.Delete(targets):
            yield from targets
        case _:
            pass


def _is_self(value: ast.expr) -> bool:
    return isinstance(value, ast.Name) and value.id in ("self", "cls")
