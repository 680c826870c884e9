"""Finds and reads `.env`: UTF-8, one `NAME=value` per line. Nothing in a value is replaced by another value."""

from __future__ import annotations

import codecs
from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Final

from dotenv.parser import parse_stream

NAME: Final = ".env"


class EnvFileInvalid(Exception):
    """A `.env` cannot be read. The message names the file, and the line if one is wrong, and says what to do."""


def find_env_file(folder: Path, project: Path) -> Path | None:
    """Return the `.env` that applies in a folder: the one in it or, within the project, in the nearest folder above it.

    `folder` is absolute. Returns None if there is none.
    """
    above = [one for one in folder.parents if one.is_relative_to(project)]
    return next((one / NAME for one in (folder, *above) if (one / NAME).exists()), None)


def read_env_file(path: Path) -> Mapping[str, str]:
    """Return the settings of a file that are not empty; the last of two lines with the same name counts.

    Raises EnvFileInvalid if the file cannot be read, is not UTF-8, or has a line that is no setting.
    """
    found: dict[str, str] = {}
    for line in parse_stream(StringIO(_text_of(path))):
        if line.error or (line.key is not None and line.value is None):
            raise EnvFileInvalid(
                f"{path}, line {_first_line(line.original.string, line.original.line)}: this is no setting. Write "
                "NAME=value, end a quotation with the quote that begins it, and begin a comment with #."
            )
        if line.key is not None and line.value is not None:
            found[line.key] = line.value
    return {name: value for name, value in found.items() if value}


def _text_of(path: Path) -> str:
    try:
        data = path.read_bytes()
    except OSError as error:
        raise EnvFileInvalid(
            f"{path} cannot be read ({error.strerror}). Make it a file that the user who runs the bot can read."
        ) from error
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or b"\0" in data:
        raise EnvFileInvalid(f"{path} is not in UTF-8, but looks like UTF-16. Save it again with the encoding UTF-8.")
    try:
        return data.removeprefix(codecs.BOM_UTF8).decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise EnvFileInvalid(
            f"{path}, line {line}: the text is not in UTF-8. Save the file again with the encoding UTF-8."
        ) from error


def _first_line(original: str, line: int) -> int:
    """Return the line of what is wrong: empty lines before it belong to it."""
    return line + original[: len(original) - len(original.lstrip())].count("\n")
