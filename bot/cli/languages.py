"""`promptbook languages`: what the folders of other languages lack, and the file of phrases to translate."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from bot.cli.console import ExitCode, fail, settings_for

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

    from bot.services.facts.library import Library

languages = typer.Typer(no_args_is_help=True, help="Languages of sessions, beside English.")

_SHOWN = 10


@languages.command()
def check() -> None:
    """Print for each language in `data/languages` which files and phrases it lacks. Fails if no session can be held."""
    library = _library()
    found = [library.in_language(tag) for tag in library.languages()[1:]]
    if not found:
        typer.echo("There is only English. Another language is a folder in data/languages: see docs/languages.md.")
    can_be_held = [_check_one(one) for one in found]
    if not all(can_be_held):
        raise typer.Exit(ExitCode.FAILED)


@languages.command()
def phrases(
    language: Annotated[str, typer.Argument(metavar="TAG", help="The language's tag (BCP 47), for example fi.")],
) -> None:
    """Write the phrases of all screens to the language's `screens.po`. What is translated there already stays."""
    from bot.domain.languages import ENGLISH, is_language_tag
    from bot.ui.texts.catalogue import updated

    if not is_language_tag(language) or language == ENGLISH:
        fail(ExitCode.FAILED, f"“{language}” is not the tag of another language. Write one such as fi or pt-BR.")
    library = _library().in_language(language)
    path = library.phrases_file
    content = updated(_catalogue(library), language)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    except OSError as error:
        fail(ExitCode.FAILED, f"{path} cannot be written ({error.strerror}).")
    typer.echo(f"{path} has all phrases now. Translate each msgid below it, as its msgstr.")


def _library() -> Library:
    from bot.services.facts.library import Library

    return Library(settings_for(None).data)


def _catalogue(library: Library) -> Catalog | None:
    from bot.domain.errors import DataFileInvalid
    from bot.services.facts.phrases import read_catalogue

    path: Path = library.phrases_file
    if not path.is_file():
        return None
    try:
        return read_catalogue(str(path), path)
    except DataFileInvalid as problem:
        fail(ExitCode.FAILED, f"{problem.file}:{problem.line}: {problem.problem}.")


def _check_one(library: Library) -> bool:
    """Print what a language lacks; returns whether a session can be held in it."""
    from bot.ui.texts.catalogue import gaps_in

    missing = library.missing()
    for file in missing:
        typer.echo(f"{library.language}: {file} is missing. Without it, no session can be held in this language.")
    catalogue = _catalogue(library)
    if catalogue is None:
        typer.echo(f"{library.language}: there is no screens.po. `promptbook languages phrases` writes one.")
        return not missing
    gaps = gaps_in(catalogue)
    said = gaps.phrases - len(gaps.missing)
    typer.echo(f"{library.language}: {said} of {gaps.phrases} phrases are translated.")
    for what, which in (
        ("in English", gaps.missing),
        ("not used, because its fields are not those of the English phrase", gaps.other_fields),
        ("not said by any screen", gaps.unknown),
    ):
        for phrase in which[:_SHOWN]:
            typer.echo(f"{library.language}: {what}: {phrase}")
        if len(which) > _SHOWN:
            typer.echo(f"{library.language}: {what}: {len(which) - _SHOWN} more")
    return not missing
