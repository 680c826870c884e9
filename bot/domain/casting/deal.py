"""Deals a scene: which prompt, who plays whom, with which target emotion. `docs/casting.md` describes the design.

Randomness comes from a generator that the caller seeds. The same seed and history therefore deal the same scene, in
whatever order the performers are named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from bot.domain.casting.company import company_of
from bot.domain.casting.directions import directed
from bot.domain.casting.emotions import choose_emotions, choose_intensity
from bot.domain.casting.groups import choose_group
from bot.domain.casting.parts import choose_arcs, choose_characters, choose_roles
from bot.domain.casting.prompts import cast_size, choose_prompt, playable_prompts
from bot.domain.casting.types import Arc, Casting, Deal, History, Materials
from bot.domain.ids import PersonId

__all__ = ["Arc", "Casting", "Deal", "History", "Materials", "deal"]


def deal(
    materials: Materials,
    performers: Sequence[PersonId],
    history: History,
    random: Random,
    *,
    lines: Collection[str] = (),
    prompt_id: str | None = None,
) -> Deal:
    """Choose a prompt and its cast among `performers` (person ids), and what each of them plays.

    `lines` are topics that someone present does not play: no prompt with such a tag is dealt. `prompt_id` is the
    coordinator's own choice of a prompt. Raises TooFewPerformers, PromptUnknown, and NothingToDeal if lines leave no
    prompt for the people present.
    """
    present = sorted(set(performers))
    playable = playable_prompts(materials.deck, len(present), lines, prompt_id)
    company = company_of(present, history)
    prompt = choose_prompt(playable, company, history, random)
    group = choose_group(company, cast_size(prompt, len(present)), history, random, prompt.prompt_id)
    emotions = choose_emotions(group, present, materials.dealt_emotions, history, random)
    characters = choose_characters(group, materials.characters, history, random)
    arcs = choose_arcs(group, emotions, materials, history, random)
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
    return Deal(prompt, tuple(directed(casting, materials.emotions, history, random) for casting in castings))
