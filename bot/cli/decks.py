"""`promptbook decks check`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ExitCode, fail, settings_for

if TYPE_CHECKING:
    from bot.domain.topics import Topics


def check_decks(
    files: Annotated[list[Path], typer.Argument(metavar="FILE", help="Decks to check, as .toml files.")],
) -> None:
    """Check deck files: print each problem with file and line, or a summary of the deck."""
    from bot.domain.errors import DataFileInvalid
    from bot.services.facts.library import Library
    from bot.ui.texts.errors import sentence_of

    try:
        topics = Library(settings_for(None).data).topics()
    except DataFileInvalid as problem:
        fail(ExitCode.FAILED, sentence_of(problem))
    usable = [_check_deck(file, topics) for file in files]
    if not all(usable):
        raise typer.Exit(ExitCode.FAILED)


def _check_deck(file: Path, topics: Topics) -> bool:
    from bot.domain.decks import deck_name, deck_problems, parse_deck
    from bot.domain.errors import DataFileInvalid
    from bot.domain.tables import decode_file, noting
    from bot.ui.texts.decks import deck_summary, topic_counts_text

    problems: list[DataFileInvalid] = []
    try:
        with noting(problems):
            name, text = deck_name(file.name), decode_file(str(file), file.read_bytes())
            problems += deck_problems(str(file), text, topics)
            if not problems:
                deck = parse_deck(name, str(file), text, topics)
                typer.echo(f"{file}: {deck_summary(deck)}; topics: {topic_counts_text(deck, topics) or 'none'}")
    except OSError as error:
        typer.echo(f"{file}: cannot be read ({error.strerror}). Check the path and its permissions.")
        return False
    for problem in problems:
        typer.echo(f"{file}:{problem.line}: {problem.problem}")
    return not problems
