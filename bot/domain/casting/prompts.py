"""Which prompt is played next. Pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from random import Random

from bot.domain.casting.company import Company
from bot.domain.casting.groups import unevenness
from bot.domain.casting.types import History
from bot.domain.decks import Deck, Prompt
from bot.domain.errors import NothingToDeal, PromptUnknown, TooFewPerformers
from bot.domain.ids import PersonId

LARGEST_FULL_CAST = 4
"""Up to how many people in the channel scenes for all of them come first. Few prompts take more performers."""


def playable_prompts(deck: Deck, present: int, lines: Collection[str], prompt_id: str | None) -> list[Prompt]:
    """Return the prompts that `present` people with these lines can play, or only the one that was asked for.

    Raises PromptUnknown, TooFewPerformers, and NothingToDeal if only lines prevent it.
    """
    wanted = [prompt for prompt in deck.prompts if prompt_id in (None, prompt.prompt_id)]
    if not wanted:
        raise PromptUnknown(prompt_id or "")
    enough = [prompt for prompt in wanted if prompt.fewest_performers <= present]
    if not enough:
        raise TooFewPerformers(present, min(prompt.fewest_performers for prompt in wanted))
    playable = [prompt for prompt in enough if prompt.tags.isdisjoint(lines)]
    if not playable:
        raise NothingToDeal
    return playable


def choose_prompt(prompts: Sequence[Prompt], company: Company, history: History, random: Random) -> Prompt:
    """Return a prompt that the guild used least.

    Of these, it has the size that suits the people present best; then it is one that they have played least.
    """
    fewest = min(_uses(prompt, history) for prompt in prompts)
    fresh = [prompt for prompt in prompts if _uses(prompt, history) == fewest]
    present = company.people
    sizes = sorted({cast_size(prompt, len(present)) for prompt in fresh})
    size = sizes[0] if len(sizes) == 1 else min(sizes, key=lambda size: _cost(size, company, random))
    fitting = [prompt for prompt in fresh if cast_size(prompt, len(present)) == size]
    return min(random.sample(fitting, len(fitting)), key=lambda prompt: _known(prompt, present, history))


def cast_size(prompt: Prompt, present: int) -> int:
    """Return how many go on stage: as many as the prompt has roles, or as are present."""
    return min(prompt.most_performers, present)


def _cost(size: int, company: Company, random: Random) -> tuple[int, int, int]:
    """Return what speaks against this size: people of a small company left out, uneven pairs, people who stand by."""
    standing_by = len(company.people) - size
    left_out = standing_by if len(company.people) <= LARGEST_FULL_CAST else 0
    return left_out, unevenness(company, size, random), standing_by


def _uses(prompt: Prompt, history: History) -> int:
    return history.prompts.get(prompt.prompt_id, 0)


def _known(prompt: Prompt, present: Sequence[PersonId], history: History) -> int:
    return sum(history.played.get((person, prompt.prompt_id), 0) for person in present)
