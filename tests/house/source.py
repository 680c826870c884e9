"""The modules of the bot, read from the source: their names, and what they import."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Module:
    """One module: its dotted name, its file, and every dotted name that it imports, at whatever depth."""

    name: str
    path: Path
    imports: frozenset[str]

    @property
    def text(self) -> str:
        return self.path.read_text("utf-8")


def imports_of(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def modules() -> list[Module]:
    found: list[Module] = []
    for folder in ("bot", "cogs"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
            found.append(Module(name, path, frozenset(imports_of(ast.parse(path.read_text("utf-8"))))))
    return found


MODULES = modules()


def is_in(name: str, room: str) -> bool:
    """Whether a dotted name is this room or something in it."""
    return name == room or name.startswith(f"{room}.")


def modules_in(*rooms: str) -> list[Module]:
    """The modules of these rooms. Raises AssertionError if there are none: a check of nothing would always pass."""
    found = [module for module in MODULES if any(is_in(module.name, room) for room in rooms)]
    assert all(any(is_in(module.name, room) for module in found) for room in rooms), rooms
    return found
