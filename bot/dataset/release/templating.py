"""Fills in the templates of a dataset's texts; no other module imports Jinja."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import jinja2


def render(template: str, words: Mapping[str, Any]) -> str:
    """Return a template with these words. Raises jinja2.UndefinedError if one is missing."""
    environment = jinja2.Environment(undefined=jinja2.StrictUndefined, keep_trailing_newline=True, autoescape=False)  # noqa: S701 - Markdown, not HTML
    return environment.from_string(template).render(words)
