"""A language that nobody speaks: English in Cyrillic letters, so that every word that is left in Latin ones shows."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po, write_po

from bot.ui.texts.catalogue import updated

TAG = "bg"
_LATIN = "abcdefghijklmnopqrstuvwxyz"
_CYRILLIC = "абцдефгхийклмнопярстувщжыз"
_LETTERS = str.maketrans(_LATIN + _LATIN.upper(), _CYRILLIC + _CYRILLIC.upper())
_KEPT = re.compile(r"(`[^`]*`|\{[^{}]*\}|<[^<>]*>|https?://\S+)")

_KEYS = {
    *("key", "id", "features", "family", "emotions", "overlaps", "tags", "pull", "not_emotions", "synonyms"),
    *("required_roles", "coordinates", "sources", "source", "scale", "values", "about", "needs", "further"),
}
"""Fields of data files that no one reads on a screen."""


def in_pseudo(english: str) -> str:
    """English in other letters. Commands, fields and mentions stay as they are."""
    parts = _KEPT.split(english)
    return "".join(part if number % 2 else part.translate(_LETTERS) for number, part in enumerate(parts))


def latin_words(text: str) -> list[str]:
    """The words of three or more Latin letters that someone reads, beside commands, mentions and times."""
    return re.findall(r"[A-Za-z]{3,}", _KEPT.sub(" ", text))


def write_language(data: Path) -> Path:
    """Add the language to a data folder: a file of phrases, and every data file in it. Returns its folder."""
    folder = data / "languages" / TAG
    folder.mkdir(parents=True)
    (folder / "screens.po").write_bytes(updated(None, TAG))
    with (folder / "screens.po").open("rb+") as file:
        catalogue = read_po(file)
        for message in catalogue:
            if isinstance(message.id, tuple):
                message.string = tuple(map(in_pseudo, message.id))
            elif isinstance(message.id, str) and message.id:
                message.string = in_pseudo(message.id)
        file.seek(0)
        write_po(file, catalogue)
        file.truncate()
    for path in data.rglob("*.toml"):
        place = path.relative_to(data)
        if place.parts[0] == "languages":
            continue
        target = folder / place.with_stem(TAG if place.stem == "en" else place.stem)
        target.parent.mkdir(exist_ok=True)
        target.write_text(_written(tomllib.loads(path.read_text("utf-8"))), "utf-8")
    head, text = re.split(r"(?<=\n---\n)", (data / "consent" / "en.md").read_text("utf-8"), maxsplit=1)
    (folder / "consent").mkdir()
    (folder / "consent" / f"{TAG}.md").write_text(head.replace("locale: en", f"locale: {TAG}") + in_pseudo(text))
    return folder


def _written(table: Mapping[str, Any], place: str = "") -> str:
    """A table as TOML. Arrays of tables come last, as the format wants it."""
    plain = {key: value for key, value in table.items() if not _is_tables(value)}
    lines = [f"{key} = {_value(value if key in _KEYS else _translated(value))}" for key, value in plain.items()]
    for key, tables in table.items():
        if _is_tables(tables):
            name = f"{place}{key}"
            lines += [f"[[{name}]]\n{_written(one, f'{name}.')}" for one in tables]
    return "\n".join(lines) + "\n"


def _is_tables(value: Any) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _translated(value: Any) -> Any:
    if isinstance(value, list):
        return [_translated(one) for one in value]
    return in_pseudo(value) if isinstance(value, str) else value


def _value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
        return f'"{escaped}"'
    return str(value)
