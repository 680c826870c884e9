"""Dealing a scene: which prompt, who plays whom, with which target emotion. The design is told in `docs/casting.md`.

Randomness comes from a generator the caller seeds, so the same seed and history deal the same scene, in whatever order
the performers are named.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from bot.domain.casting_groups import choose_group
from bot.domain.casting_parts import choose_arcs, choose_characters, choose_emotions, choose_intensity
from bot.domain.casting_types import Arc, Casting, Deal, History, Materials
from bot.domain.decks import Deck, Prompt
from bot.domain.errors import NothingToDeal, PromptUnknown, TooFewPerformers

__all__ = ["Arc", "Casting", "Deal", "History", "Materials", "deal"]

LARGEST_FULL_CAST = 4
"""As many as one scene takes: with no more than these in the channel, scenes for all of them come first."""


def deal(
    materials: Materials,
    performers: Sequence[int],
    history: History,
    random: Random,
    *,
    lines: Collection[str] = (),
    prompt_id: str | None = None,
) -> Deal:
    """Choose a prompt and its cast among `performers` (person ids), and what each of them plays.

    `lines` are topics that somebody present does not play: no prompt with such a tag is dealt. `prompt_id` is the
    coordinator's own choice of a prompt. Raises TooFewPerformers, NothingToDeal when lines leave no prompt for those
    present, PromptUnknown.
    """
    present = sorted(performers)
    prompt = _choose_prompt(materials.deck, present, history, random, lines, prompt_id)
    group = choose_group(present, min(prompt.most_performers, len(present)), history, random)
    emotions = choose_emotions(group, materials.emotions, history, random)
    characters = choose_characters(group, materials.characters, history, random)
    arcs = choose_arcs(group, emotions, materials, history, random)
    roles = random.sample(prompt.roles, len(prompt.roles))
    castings = [
        Casting(
            person,
            role,
            characters[person],
            emotions[person].key,
            choose_intensity(emotions[person], random),
            arcs.get(person),
        )
        for person, role in zip(group, roles, strict=False)
    ]
    return Deal(prompt, tuple(castings))


def _choose_prompt(
    deck: Deck,
    present: Sequence[int],
    history: History,
    random: Random,
    lines: Collection[str],
    prompt_id: str | None,
) -> Prompt:
    wanted = [prompt for prompt in deck.prompts if prompt_id in (None, prompt.prompt_id)]
    if not wanted:
        raise PromptUnknown(prompt_id or "")
    fitting = [prompt for prompt in wanted if prompt.fewest_performers <= len(present)]
    if not fitting:
        raise TooFewPerformers(len(present), min(prompt.fewest_performers for prompt in wanted))
    playable = [prompt for prompt in fitting if prompt.tags.isdisjoint(lines)]
    if not playable:
        raise NothingToDeal
    return min(random.sample(playable, len(playable)), key=lambda prompt: _wear(prompt, present, history))


def _wear(prompt: Prompt, present: Sequence[int], history: History) -> tuple[int, int, int]:
    """How little speaks for a prompt: that the guild used it, that it leaves people off stage, that these know it."""
    left_out = len(present) - min(prompt.most_performers, len(present)) if len(present) <= LARGEST_FULL_CAST else 0
    known = sum(history.played.get((person, prompt.prompt_id), 0) for person in present)
    return history.prompts.get(prompt.prompt_id, 0), left_out, known
