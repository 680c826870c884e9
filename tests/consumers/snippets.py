"""The Python in Markdown, run as a reader would run it."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

_BLOCK = re.compile(r"^```python\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def run_snippets(document: Path) -> dict[str, Any]:
    """Run all Python blocks of a document, one after another, and return the names that they leave.

    Paths in them are relative to the current folder.
    """
    blocks = _BLOCK.findall(document.read_text("utf-8"))
    assert blocks, f"{document} has no Python."
    names: dict[str, Any] = {}
    for block in blocks:
        exec(compile(block, str(document), "exec"), names)
    return names
