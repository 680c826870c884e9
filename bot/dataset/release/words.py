"""What a card says about words: the transcripts in the dataset, and what words alone give away about the target."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

from bot.dataset.model.contents import Contents
from bot.dataset.model.told import Spoken, Told, spoken_in, told_in
from bot.dataset.release.text_alone import Text, TextAlone, guess_targets
from bot.store.records import Transcript


def said_words(contents: Contents) -> dict[str, Any]:
    """Return the words for the template: how many clips have a transcript, by whom, and what is guessed from texts."""
    said = _transcripts(contents)
    sources = sorted(Counter(one.source for one in said).items(), key=lambda one: (-one[1], one[0]))
    return {
        "transcripts": len(said),
        "transcript_sources": [f"{source} ({number})" for source, number in sources],
        "texts_alone": _told_alone(told_in(contents, contents.clip_bytes)),
        "spoken_alone": _spoken_alone(spoken_in(contents, contents.clip_bytes)) if said else None,
    }


def _transcripts(contents: Contents) -> list[Transcript]:
    found = (contents.index.transcript(contents.index.turn(turn_id)) for turn_id in contents.clip_bytes)
    return [one for one in found if one]


def _told_alone(told: Sequence[Told]) -> list[TextAlone]:
    def texts(words: Callable[[Told], str]) -> list[Text]:
        return [Text(words(one), one.prompt_id, one.scene, one.target, one.turns) for one in told]

    return [
        guess_targets("prompt, role, want and character", texts(lambda one: one.part)),
        guess_targets("all of this, and the direction", texts(lambda one: f"{one.part} {one.direction}")),
    ]


def _spoken_alone(spoken: Sequence[Spoken]) -> TextAlone:
    texts = [Text(one.words, one.prompt_id, one.scene, one.target) for one in spoken]
    return guess_targets("what was said (`transcript`)", texts)
