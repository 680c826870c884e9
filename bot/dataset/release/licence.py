"""`LICENSE`: in plain words, what may be done with a dataset and what may not."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from bot.dataset.model.contents import Contents
from bot.dataset.release.templating import render
from bot.domain.consent import TO_PERFORM, Scope

LICENCE: Final = "LICENSE"
"""The file's name, which Hugging Face expects."""


def write_licence(contents: Contents, as_of: str) -> str:
    """Return the text of the licence."""
    template = files("bot.dataset.release").joinpath("templates", "LICENSE.j2").read_text("utf-8")
    speakers = contents.splits.of_speaker
    return render(template, {"purposes": purposes(contents), "speakers": len(speakers), "as_of": as_of[:10]})


def purposes(contents: Contents) -> Mapping[str, int]:
    """Return how many speakers allow each purpose that was not a condition for taking part."""
    snapshot, speakers = contents.snapshot, contents.splits.of_speaker
    allowed = [snapshot.scopes_of(person) for person, name in snapshot.pseudonyms.items() if name in speakers]
    return {scope.value: sum(scope in scopes for scopes in allowed) for scope in Scope if scope not in TO_PERFORM}
