"""No module gives a name of its own a second value: the first one would be lost without a word."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted(path for room in ("bot", "cogs", "tools") for path in (ROOT / room).rglob("*.py"))


def defined_in(source: str) -> Iterator[str]:
    """The names that a module defines, as often as it does so."""
    for node in ast.parse(source).body:
        match node:
            case ast.Assign(targets):
                yield from (target.id for target in targets if isinstance(target, ast.Name))
            case ast.AnnAssign(ast.Name(name), value=ast.expr()) | ast.ClassDef(name) | ast.FunctionDef(name):
                yield name
            case ast.AsyncFunctionDef(name):
                yield name
            case _:
                pass


def test_every_name_is_defined_once():
    twice = {
        f"{path.relative_to(ROOT)}: {name}"
        for path in MODULES
        for name, times in Counter(defined_in(path.read_text("utf-8"))).items()
        if times > 1
    }
    assert twice == set()


@pytest.mark.parametrize("source", ["A = 1\nA = 2", "def f(): ...\ndef f(): ...", "A: int = 1\nclass A: ..."])
def test_a_second_definition_is_found(source: str):
    assert max(Counter(defined_in(source)).values()) == 2
