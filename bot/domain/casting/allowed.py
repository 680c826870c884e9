"""Which emotions can be dealt to some people in a prompt: what the prompt and each of them leave. Pure."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from bot.domain.casting.types import Materials
from bot.domain.decks import Prompt
from bot.domain.emotions import EmotionSet
from bot.domain.ids import PersonId

Refused = Mapping[PersonId, Collection[str]]
"""The keys of the emotions that no one is dealt while this person is on stage: vetoes, and kinds without an opt-in."""

MayPlay = Callable[[Sequence[PersonId]], bool]
"""Whether some people can be on stage together."""


def allowed_emotions(
    materials: Materials, prompt: Prompt, people: Sequence[PersonId], refused: Refused
) -> EmotionSet | None:
    """Return what these people can be dealt in a prompt; None if there is nothing.

    It is what the session deals tonight; if all of that is refused, everything else of the set that is not.
    """
    keys = _left(fitting_emotions(materials, prompt), people, refused)
    tonight = keys.intersection(materials.tonight)
    return materials.emotions.only(tonight or keys) if keys else None


def may_play(materials: Materials, prompt: Prompt, refused: Refused) -> MayPlay:
    """Return whether there is an emotion for some people in a prompt, as a question about them."""
    fitting = fitting_emotions(materials, prompt)
    return lambda people: bool(_left(fitting, people, refused))


def fitting_emotions(materials: Materials, prompt: Prompt) -> frozenset[str]:
    """Return the keys of the emotions that a prompt leaves."""
    return frozenset(one.key for one in materials.emotions.emotions if not prompt.excludes(one))


def refused_by_any(people: Sequence[PersonId], refused: Refused) -> frozenset[str]:
    """Return the keys that at least one of these people refuses."""
    return frozenset[str]().union(*(refused.get(person, ()) for person in people))


def _left(fitting: frozenset[str], people: Sequence[PersonId], refused: Refused) -> frozenset[str]:
    return fitting - refused_by_any(people, refused)
