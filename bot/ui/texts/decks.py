"""What people read about decks. Roles are never shown, because a coordinator may be on stage later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.advice.written import Advice
from bot.domain.decks import Deck, Prompt
from bot.domain.topics import Topics
from bot.services.scene.decks import DeckImported, ListedDeck
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.words import count, shortened

PAGE = 1900
"""Characters on a page; a message can hold 2,000."""
MOST_PAGES = 5
MOST_ADVICE = 8
"""How many pieces of advice fit into the answer to an import."""


def deck_summary(deck: Deck) -> str:
    """A deck in a few words: "Everyday: 34 prompts for 2 to 4 performers"."""
    performers = "performer" if deck.most_performers == 1 else "performers"
    return f"{deck.title}: {count(len(deck.prompts), 'prompt')} for {_cast(deck, ' to ')} {performers}"


def topic_counts_text(deck: Deck, topics: Topics) -> str:
    """The topics that a deck touches on, with the number of prompts for each: "Illness (2), War (1)"; or nothing."""
    counts = deck.topic_counts()
    return ", ".join(f"{label} ({counts[key]})" for key in topics.keys for label in topics.labels([key]) if counts[key])


def imported_text(imported: DeckImported) -> str:
    """For the coordinator who imported a deck."""
    name = imported.deck.name
    done = "replaces the earlier one" if imported.replaced else "is ready"
    ready = f"`{name}` {done}. **{deck_summary(imported.deck)}**. Deal from it with `/session start deck:{name}`."
    return "\n".join([ready, *_advice_rows(imported.advice)])


def _advice_rows(advice: Sequence[Advice]) -> list[str]:
    """The first pieces of advice about a deck, and how many more there are."""
    if not advice:
        return []
    rows = [f"- line {one.line}: {shortened(one.sentence, 200)}." for one in advice[:MOST_ADVICE]]
    more = len(advice) - MOST_ADVICE
    rest = [f"… and {more} more. `promptbook decks check` lists all of them."] if more > 0 else []
    return ["It can be played as it is. It would be better like this:", *rows, *rest]


def forgotten_text(name: str, *, stays: bool) -> str:
    """For the coordinator who removed a deck."""
    left = f" The installation's own `{name}` takes its place again." if stays else ""
    return f"`{name}` has been removed. Scenes that were dealt from it stay as they are.{left}"


def list_pages(decks: Sequence[ListedDeck]) -> list[str]:
    """All decks of a server, one per row."""
    return paged(["**Decks** for a session (★: imported on this server)", *map(_listed, decks)])


def preview_pages(deck: Deck, topics: Topics) -> list[str]:
    """A deck's prompts by title, with the number of performers and the topics of each."""
    head = [f"**{deck_summary(deck)}**"]
    if touched := topic_counts_text(deck, topics):
        head.append(f"Topics: {touched}")
    return paged([*head, *(_previewed(prompt, topics) for prompt in deck.prompts)])


def paged(rows: Iterable[str]) -> list[str]:
    """Rows of text joined into messages that fit; rows beyond the last page are counted."""
    pages, left_out = [""], 0
    for row in rows:
        fitting = shortened(row, PAGE - 100)
        if not left_out and len(pages[-1]) + len(fitting) > PAGE and len(pages) < MOST_PAGES:
            pages.append("")
        if left_out or len(pages[-1]) + len(fitting) > PAGE:
            left_out += 1
        else:
            pages[-1] += f"{fitting}\n"
    pages[-1] += f"… and {left_out} more" if left_out else ""
    return [page.rstrip("\n") for page in pages]


def _listed(listed: ListedDeck) -> str:
    own = " ★" if listed.is_own else ""
    if listed.deck is not None:
        return f"- `{listed.name}`{own}: {deck_summary(listed.deck)}"
    assert listed.problem is not None
    return f"- `{listed.name}`{own} cannot be used. {sentence_of(listed.problem)}"


def _previewed(prompt: Prompt, topics: Topics) -> str:
    touched = f" · {', '.join(topics.labels(prompt.tags))}" if prompt.tags else ""
    return f"- {prompt.title} · {_cast(prompt, '–')}{touched}"


def _cast(played: Deck | Prompt, between: str) -> str:
    fewest, most = played.fewest_performers, played.most_performers
    return f"{fewest}" if fewest == most else f"{fewest}{between}{most}"
