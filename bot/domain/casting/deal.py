"""Deals a scene: which prompt, who plays whom, with which target emotion. `docs/casting.md` describes the design.

Randomness comes from a generator that the caller seeds. The same seed and history therefore deal the same scene, in
whatever order the performers are named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random
from types import MappingProxyType

from bot.domain.casting.allowed import Refused, allowed_emotions, fitting_emotions, may_play, refused_by_any
from bot.domain.casting.balance import Pull, relations_so_far
from bot.domain.casting.company import Company, company_of
from bot.domain.casting.directions import directed
from bot.domain.casting.emotions import Weights, choose_emotions, choose_intensity
from bot.domain.casting.groups import choose_group
from bot.domain.casting.parts import choose_arcs, choose_characters, choose_roles
from bot.domain.casting.prompts import cast_size, choose_prompt, playable_prompts
from bot.domain.casting.types import Arc, Casting, Deal, History, Materials
from bot.domain.decks import Prompt
from bot.domain.errors import NothingToDeal
from bot.domain.ids import PersonId

__all__ = ["Arc", "Casting", "Deal", "History", "Materials", "deal"]


def deal(
    materials: Materials,
    performers: Sequence[PersonId],
    history: History,
    random: Random,
    *,
    lines: Collection[str] = (),
    refused: Refused = MappingProxyType({}),
    prompt_id: str | None = None,
) -> Deal:
    """Choose a prompt and its cast among `performers` (person ids), and what each of them plays.

    `lines` are topics that someone present does not play: no prompt with such a tag is dealt. What someone on stage
    `refused` is dealt to no one there, as a target or as a second emotion. `prompt_id` is the coordinator's own choice
    of a prompt. Raises TooFewPerformers, PromptUnknown, and NothingToDeal if lines leave no prompt for the people
    present, or no emotion is left for any of the casts that were tried.
    """
    present = sorted(set(performers))
    playable = playable_prompts(materials.deck, len(present), lines, prompt_id)
    company = company_of(present, history)
    pull = Pull(materials.emotions, history)
    prompt, group = _choose_cast(materials, playable, company, history, random, refused)
    allowed = allowed_emotions(materials, prompt, group, refused)
    assert allowed is not None
    weights = Weights(
        relations_so_far(materials.emotions, history),
        lambda emotion, already: pull.cost(emotion, prompt, len(group), already),
    )
    emotions = choose_emotions(group, present, allowed, history, random, weights)
    characters = choose_characters(group, materials.characters, history, random)
    arcs = choose_arcs(group, emotions, allowed, materials.arcs, history, random)
    roles = choose_roles(prompt.roles, len(group), random)
    castings = [
        Casting(
            person,
            role.text,
            characters[person],
            emotions[person].key,
            choose_intensity(person, emotions[person], materials.emotions, history, random),
            arcs.get(person),
            role.want,
        )
        for person, role in zip(group, roles, strict=True)
    ]
    open_to_all = materials.emotions.without_closed(refused_by_any(group, refused))
    return Deal(prompt, tuple(directed(casting, open_to_all, history, random) for casting in castings))


def _choose_cast(
    materials: Materials,
    playable: Sequence[Prompt],
    company: Company,
    history: History,
    random: Random,
    refused: Refused,
) -> tuple[Prompt, tuple[PersonId, ...]]:
    """Return the next prompt in which there is an emotion for a cast, and the cast. Raises NothingToDeal."""
    left, present = list(playable), company.people
    while left:
        prompt = choose_prompt(left, company, history, random)
        size, fits = cast_size(prompt, len(present)), may_play(materials, prompt, refused)
        if group := choose_group(company, size, history, random, prompt.prompt_id, fits):
            return prompt, group
        # No group that a prompt takes is found for another one of the same size that leaves the same emotions.
        same = size, fitting_emotions(materials, prompt)
        left = [one for one in left if (cast_size(one, len(present)), fitting_emotions(materials, one)) != same]
    raise NothingToDeal
