"""What is said in another language: from a real `screens.po`, with its plural forms, and English where it has none."""

from __future__ import annotations

import ast
import re
import shutil
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import discord
import pytest
from babel.messages.pofile import read_po
from discord import app_commands
from discord.app_commands import TranslationContextLocation

from bot.domain.errors import LanguageIncomplete, LanguageUnknown
from bot.domain.languages import is_language_tag, wider_tags
from bot.services.facts.library import Library
from bot.services.facts.phrases import fields_of
from bot.ui.command_texts import CommandTexts
from bot.ui.texts.catalogue import english_catalogue, gaps_in, updated
from bot.ui.texts.language import language_in_force, say, say_all, say_count, speaking
from tests.pseudo import in_pseudo, write_language

ROOT = Path(__file__).parents[2]
SAYING = {"say", "say_count", "say_all", "phrase"}
PHRASES = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || n%100>=20) ? 1 : 2);\n"

msgid "Cut"
msgstr "Снято"

msgid "Take {number} starts {when}."
msgstr "Дубль {number} начнётся {time}."

msgid "{others} and {last}"
msgstr "{others} и {last}"

msgid "{number} take"
msgid_plural "{number} takes"
msgstr[0] "{number} дубль"
msgstr[1] "{number} дубля"
msgstr[2] "{number} дублей"
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(ROOT / "data", tmp_path / "data")
    folder = tmp_path / "data" / "languages" / "ru"
    folder.mkdir(parents=True)
    (folder / "screens.po").write_text(PHRASES, "utf-8")
    return tmp_path / "data"


def test_phrases_are_said_in_the_language_in_force_and_in_english_around_it(data: Path):
    with speaking(Library(data).in_language("ru").phrases()):
        assert language_in_force() == "ru"
        assert say("Cut") == "Снято"
        counted = [say_count("{number} take", "{number} takes", number) for number in (1, 3, 5)]
        assert counted == ["1 дубль", "3 дубля", "5 дублей"]
        assert say_all(["а", "б", "в"]) == "а, б и в"
        assert say("Retake") == "Retake", "what is missing is said in English"
        assert say("Take {number} starts {when}.", number=1, when="now") == "Take 1 starts now.", (
            "its fields are others"
        )
    assert say("Cut") == "Cut"


def test_a_session_needs_every_file_of_its_language(data: Path):
    library = Library(data)
    assert library.languages() == ["en", "ru"]
    with pytest.raises(LanguageUnknown):
        library.require_language("fi")
    with pytest.raises(LanguageIncomplete) as refused:
        library.require_language("ru")
    assert refused.value.file == "languages/ru/topics.toml"
    folder = data / "languages" / "ru"
    for name in ("topics.toml", "opt_ins.toml", "suggestion.toml"):
        shutil.copy(data / name, folder)
    for name in ("decks", "emotions", "characters", "instruments"):
        shutil.copytree(data / name, folder / name)
    for name in ("calibration/en.toml", "interludes/en.toml", "replays/en.toml", "consent/en.md", "directions/en.toml"):
        (folder / name).parent.mkdir()
        shutil.copy(data / name, (folder / name).with_stem("ru"))
    russian = library.require_language("ru")
    assert russian.emotion_set("basic") == library.emotion_set("basic")
    assert russian.consent_text().locale == "ru"
    assert russian.calibration().name == "ru-1"


@pytest.mark.parametrize("tag", ["fi", "pt-BR", "zh-Hant-TW", "sl-rozaj", "de-CH-1996", "qaa-x-stage"])
def test_tags_are_known_by_their_form(tag: str):
    assert is_language_tag(tag)
    assert wider_tags(tag)[0] == tag


@pytest.mark.parametrize("tag", ["", "e", "../fi", "fi/x", "pt_BR", "en-", "a" * 9])
def test_what_is_no_tag_is_refused(tag: str):
    assert not is_language_tag(tag)


@pytest.mark.parametrize("path", sorted((ROOT / "bot/ui/texts").glob("*.py")), ids=lambda path: path.stem)
def test_each_phrase_is_given_the_fields_that_it_has(path: Path):
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        match call:
            case ast.Call(ast.Name("say"), [ast.Constant(str(english))], keywords):
                wanted = fields_of(english)
            case ast.Call(ast.Name("say_count"), [ast.Constant(str(one)), ast.Constant(str(many)), _], keywords):
                assert fields_of(one) == fields_of(many)
                wanted = fields_of(many) - {"number"}
            case _:
                continue
        assert {keyword.arg for keyword in keywords} == wanted, ast.unparse(call)


async def test_descriptions_of_commands_come_in_the_language_of_each_persons_discord(tmp_path: Path):
    shutil.copytree(ROOT / "data", tmp_path / "data")
    write_language(tmp_path / "data")
    texts = CommandTexts(Library(tmp_path / "data"))
    description = app_commands.locale_str("Listen to the next clip and rate it")
    at = app_commands.TranslationContext(TranslationContextLocation.command_description, data=None)  # type: ignore[arg-type]
    assert await texts.translate(description, discord.Locale.bulgarian, at) == in_pseudo(description.message)
    assert await texts.translate(description, discord.Locale.finnish, at) is None
    name = app_commands.TranslationContext(TranslationContextLocation.command_name, data=None)  # type: ignore[arg-type]
    assert await texts.translate(app_commands.locale_str("rate"), discord.Locale.bulgarian, name) is None
    assert await texts.translate(app_commands.locale_str("nothing"), discord.Locale.bulgarian, at) is None


def test_a_file_of_phrases_is_written_whole_and_keeps_what_is_translated():
    first = updated(None, "ru")
    assert b'msgid "Cut"\nmsgstr ""' in first
    said = first.replace(b'msgid "Cut"\nmsgstr ""', 'msgid "Cut"\nmsgstr "Снято"'.encode())
    catalogue = read_po(BytesIO(said + '\nmsgid "Old words"\nmsgstr "Старые слова"\n'.encode()))
    gaps = gaps_in(catalogue)
    assert (gaps.phrases, gaps.unknown) == (len(english_catalogue()), ["Old words"])
    assert len(gaps.missing) == gaps.phrases - 1
    again = updated(catalogue, "ru")
    assert 'msgid "Cut"\nmsgstr "Снято"'.encode() in again
    assert b"Old words" not in again


def test_every_text_of_the_screens_is_a_phrase():
    """Each literal in bot/ui/texts that has words is said, counted or marked, or has a reason to stay as it is."""
    modules = [path for path in sorted((ROOT / "bot/ui/texts").glob("*.py")) if path.stem != "catalogue"]
    left = {(path.stem, text) for path in modules for text in bare_texts(path)}
    assert left == {("errors", " has no sentence.")}, "the last is a defect's; the catalogue's head is for translators"


def bare_texts(path: Path) -> Iterator[str]:
    """The literals with words outside `say`, `say_count` and `phrase`, without docstrings."""
    tree = ast.parse(path.read_text("utf-8"))
    said = {
        id(inner)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr)
        or (isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in SAYING)
        for inner in ast.walk(node)
    }
    for node in ast.walk(tree):
        match node:
            case ast.Constant(str(text)) if id(node) not in said and re.search(r"\w\w.* .*\w|^[A-Z][a-z]+", text):
                yield text
            case _:
                pass
