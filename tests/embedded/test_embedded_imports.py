"""The embedded Discord stands apart: of the bot it knows the wire alone, and of discord.py nothing."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

import bot.embedded

ALLOWED = (
    "bot.embedded",
    "bot.embedded.journal",
    "bot.embedded.guild.world",
    "bot.wire.rtp",
    "bot.wire.transport",
)
MODULES = sorted(Path(bot.embedded.__path__[0]).rglob("*.py"))


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            names.add(node.module)
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.name)
def test_a_module_imports_nothing_of_the_bot_but_the_wire(path: Path) -> None:
    for name in imported(path):
        assert name.split(".")[0] not in ("discord", "davey", "cogs")
        assert not name.startswith("bot.") or name.startswith(ALLOWED), name
