"""What people read about decks. Roles are never shown, because a coordinator may be on stage later."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.domain.advice.written import Advice
from bot.domain.decks import Deck, Prompt
from bot.domain.topics import Topics
from bot.services.scene.decks import DeckImported, ListedDeck
from bot.ui.texts.errors import sentence_of
from bot.ui.texts.language import say, say_count
from bot.ui.texts.words import shortened

PAGE = 1900
"""Characters on a page; a message can hold 2,000."""
MOST_PAGES = 5
MOST_ADVICE = 8
"""How many pieces of advice fit into the answer to an import."""


def deck_summary(deck: Deck) -> str:
    """A deck in a few words: "Everyday: 34 prompts for 2 to 4 performers"."""
    prompts, fewest, most = len(deck.prompts), deck.fewest_performers, deck.most_performers
    if fewest == most:
        cast = say_count("{number} performer", "{number} performers", most)
    else:
        cast = say_count("{fewest} to {number} performer", "{fewest} to {number} performers", most, fewest=fewest)
    return say_count(
        "{title}: {number} prompt for {cast}",
        "{title}: {number} prompts for {cast}",
        prompts,
        title=deck.title,
        cast=cast,
    )


def topic_counts_text(deck: Deck, topics: Topics) -> str:
    """The topics that a deck touches on, with the number of prompts for each: "Illness (2), War (1)"; or nothing."""
    counts = deck.topic_counts()
    return ", ".join(f"{label} ({counts[key]})" for key in topics.keys for label in topics.labels([key]) if counts[key])


def imported_text(imported: DeckImported) -> str:
    """For the coordinator who imported a deck."""
    name, summary = imported.deck.name, deck_summary(imported.deck)
    if imported.replaced:
        ready = say(
            "`{name}` replaces the earlier one. **{summary}**. Deal from it with `/session start deck:{name}`.",
            name=name,
            summary=summary,
        )
    else:
        ready = say(
            "`{name}` is ready. **{summary}**. Deal from it with `/session start deck:{name}`.",
            name=name,
            summary=summary,
        )
    return "\n".join([ready, *_advice_rows(imported.advice)])


def _advice_rows(advice: Sequence[Advice]) -> list[str]:
    """The first pieces of advice about a deck, and how many more there are."""
    if not advice:
        return []
    rows = [
        say("- line {line}: {advice}.", line=one.line, advice=shortened(one.sentence, 200))
        for one in advice[:MOST_ADVICE]
    ]
    more = len(advice) - MOST_ADVICE
    rest = [say("… and {number} more. `promptbook decks check` lists all of them.", number=more)] if more > 0 else []
    return [say("It can be played as it is. It would be better like this:"), *rows, *rest]


def forgotten_text(name: str, *, stays: bool) -> str:
    """For the coordinator who removed a deck."""
    told = say("`{name}` has been removed. Scenes that were dealt from it stay as they are.", name=name)
    left = say("The installation's own `{name}` takes its place again.", name=name)
    return f"{told} {left}" if stays else told


def list_pages(decks: Sequence[ListedDeck]) -> list[str]:
    """All decks of a server, one per row."""
    return paged([say("**Decks** for a session (★: imported on this server)"), *map(_listed, decks)])


def preview_pages(deck: Deck, topics: Topics) -> list[str]:
    """A deck's prompts by title, with the number of performers and the topics of each."""
    head = [f"**{deck_summary(deck)}**"]
    if touched := topic_counts_text(deck, topics):
        head.append(say("Topics: {topics}", topics=touched))
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
    pages[-1] += say("… and {number} more", number=left_out) if left_out else ""
    return [page.rstrip("\n") for page in pages]


def _listed(listed: ListedDeck) -> str:
    own = " ★" if listed.is_own else ""
    if listed.deck is not None:
        return f"- `{listed.name}`{own}: {deck_summary(listed.deck)}"
    assert listed.problem is not None
    return say("- {name} cannot be used. {why}", name=f"`{listed.name}`{own}", why=sentence_of(listed.problem))


def _previewed(prompt: Prompt, topics: Topics) -> str:
    touched = f" · {', '.join(topics.labels(prompt.tags))}" if prompt.tags else ""
    return f"- {prompt.title} · {_cast(prompt)}{touched}"


def _cast(prompt: Prompt) -> str:
    fewest, most = prompt.fewest_performers, prompt.most_performers
    return f"{fewest}" if fewest == most else f"{fewest}–{most}"
