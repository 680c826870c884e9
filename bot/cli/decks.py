"""`promptbook decks check`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ExitCode, fail, settings_for

if TYPE_CHECKING:
    from bot.domain.topics import Topics


def check_decks(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Decks to check, as .toml files.")],
    *,
    strict: Annotated[bool, typer.Option("--strict", help="Fail if there is advice, too.")] = False,
) -> None:
    """Check deck files: print each problem and each piece of advice with file and line, and a summary of the deck.

    A deck with advice can be used; only problems make the check fail, or, with --strict, either of them.
    """
    from bot.domain.errors import DataFileInvalid
    from bot.services.facts.library import Library
    from bot.ui.texts.errors import sentence_of

    try:
        library = Library(settings_for(None).data)
        known = library.topics(), library.emotion_keys()
    except DataFileInvalid as problem:
        fail(ExitCode.FAILED, sentence_of(problem))
    passed = [_check_deck(file, *known, strict=strict) for file in files]
    if not all(passed):
        raise typer.Exit(ExitCode.FAILED)


def _check_deck(file: Path, topics: Topics, emotions: frozenset[str], *, strict: bool) -> bool:
    from bot.domain.advice.advise import advise
    from bot.domain.advice.written import Advice
    from bot.domain.decks import deck_name, deck_problems, parse_deck
    from bot.domain.errors import DataFileInvalid
    from bot.domain.tables import decode_file, noting
    from bot.ui.texts.decks import deck_summary, topic_counts_text

    problems: list[DataFileInvalid] = []
    advice: Sequence[Advice] = ()
    try:
        with noting(problems):
            name, text = deck_name(file.name), decode_file(str(file), file.read_bytes())
            problems += deck_problems(str(file), text, topics)
            if not problems:
                deck = parse_deck(name, str(file), text, topics)
                typer.echo(f"{file}: {deck_summary(deck)}; topics: {topic_counts_text(deck, topics) or 'none'}")
                advice = advise(str(file), text, topics, emotions)
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror}). Check the path and its permissions.")
        return False
    for problem in problems:
        typer.echo(f"{file}:{problem.line}: {problem.problem}")
    for one in advice:
        typer.echo(f"{file}:{one.line}: advice: {one.sentence}")
    return not problems and not (strict and advice)
