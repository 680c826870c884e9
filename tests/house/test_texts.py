"""English for people is in `bot/ui/texts` and nowhere else on the way to Discord; checked on the source itself."""

from __future__ import annotations

import ast
import builtins
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
TEXTS = ROOT / "bot" / "ui" / "texts"
ROOMS = ("bot/ui/**/*.py", "bot/stage/**/*.py", "bot/services/**/*.py", "bot/client.py", "cogs/*.py")
MODULES = sorted(path for room in ROOMS for path in ROOT.glob(room) if not path.is_relative_to(TEXTS))

SHOWN = {"label", "title", "placeholder", "description", "group_description", "text", "content", "nick", "reason"}
"""Keywords whose value people read; `reason` appears in a server's audit log."""

LOG_LEVELS = {"debug", "info", "warning", "error", "exception", "critical"}


def english_in(source: str) -> list[str]:
    """The literals of a module that read as English for people."""
    tree = ast.parse(source)
    unread = {id(node) for told in ast.walk(tree) for root in _unread(told) for node in ast.walk(root)}
    parts = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    shown = {id(node) for keyword in ast.walk(tree) for root in _shown(keyword) for node in ast.walk(root)}
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in unread
        if _is_english(node.value, is_shown=id(node) in shown, is_part=id(node) in parts)
    ]


def _is_english(text: str, *, is_shown: bool, is_part: bool) -> bool:
    """Words with a space between or beside them, a capitalised word by itself, and any letter in what is shown."""
    if not re.search(r"[^\W\d_]", text):
        return False
    is_word = not is_part and re.fullmatch(r"[A-Z][a-z]+[.!?…]?", text)
    return bool(is_shown or is_word or re.search(r"\s", text))


def _shown(node: ast.AST) -> Iterator[ast.AST]:
    """The literals in the value of a keyword that is shown, without those that are looked up or called."""
    if isinstance(node, ast.keyword) and node.arg in SHOWN:
        choices = [node.value.body, node.value.orelse] if isinstance(node.value, ast.IfExp) else [node.value]
        for choice in choices:
            if isinstance(choice, ast.Constant):
                yield choice
            elif isinstance(choice, ast.JoinedStr):
                yield from (part for part in choice.values if isinstance(part, ast.Constant))


def _unread(node: ast.AST) -> Iterator[ast.AST]:
    """What no user of Discord reads.

    These are docstrings, the log and the names of background work in it, types in casts, defects of the program itself,
    and mistakes in a data file. The last are worded where they are found, because the command line reports them too.
    """
    match node:
        case ast.Expr(ast.Constant(str())) | ast.Assert(msg=ast.expr()):
            yield node
        case ast.Call(ast.Attribute(ast.Name("_log"), level)) if level in LOG_LEVELS:
            yield node
        case ast.Call(ast.Attribute(ast.Attribute(attr="errands" | "_errands"), "run"), [_, name]):
            yield name
        case ast.Call(ast.Name("cast"), [kind, _]):
            yield kind
        case ast.Raise(ast.Call(ast.Name(error))) if hasattr(builtins, error) or error.startswith("DataFile"):
            yield node
        case _:
            return


@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_english_stands_in_the_texts(path: Path):
    found = english_in(path.read_text("utf-8"))
    assert not found, f"{found} belong in bot/ui/texts"


@pytest.mark.parametrize(
    "source",
    [
        'await tell(interaction, "The session goes on.")',
        'await tell(interaction, f"Take {number} counts again.")',
        'text = f"{minutes(seconds)} min"',
        'Button(label="cut")',
        'Button(label="Cut" if runs else texts.RETAKE)',
        'Modal(title=f"{name}s")',
        'LABELS = {Step.CUT: "Cut"}',
        'raise SettingRefused("Choose another one.")',
        'x = log("The panel is gone.")',
        'guild.me.edit(nick="Recorder", reason="A session began.")',
    ],
)
def test_english_elsewhere_is_found(source: str):
    assert english_in(source)


@pytest.mark.parametrize(
    "source",
    [
        '"""What it does."""',
        'def f():\n    """What it does."""\nLIMIT = 2\n"""Why it is two."""',
        '_log.info("Ready in %d server(s).", 3)',
        'self._errands.run(work(), f"panel of session {number}")',
        'raise RuntimeError("The stage has no booth yet.")',
        'raise DataFileInvalid(file, 1, "the file is missing")',
        'assert person is not None, "consent is given by people in the store"',
        'value = cast("Mapping[str, Any]", given)',
        'Button(label=texts.LABELS["cut"], custom_id="pb:cut")',
        'class Deck(Group, group_name="deck", group_description=texts.DECK): pass',
    ],
)
def test_what_no_one_reads_is_not_taken_for_english(source: str):
    assert english_in(source) == []
