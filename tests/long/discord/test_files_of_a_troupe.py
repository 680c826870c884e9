"""A troupe edits its files while people use the bot: a broken file is reported, and stops only what needs it."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.consent import TO_PERFORM, Consented
from bot.domain.consent_text import LONGEST_CONSENT_TEXT
from bot.domain.ids import GuildId, UserId
from tests.evening import GUILD
from tests.theatre import Theatre, rate_all, said

DATA = Path(__file__).parents[3] / "data"
DECKS = [path.stem for path in (DATA / "decks").glob("*.toml")]
HEAD = "---\nversion: 2\n---\n"
TO_RECORD = ["record", "store_and_review"]


@pytest.fixture
def data(theatre: Theatre, tmp_path: Path) -> Path:
    """The bot's data folder, for editing."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    theatre.bot.services.library._folder = folder
    return folder


def forget(text: Path) -> None:
    text.unlink()


def edit(file: Path, field: str, words: str) -> None:
    """Give a field of every entry of a file these words."""
    text = re.sub(rf'^{field} = ".*"$', f'{field} = "{words}"', file.read_text("utf-8"), flags=re.MULTILINE)
    assert words in text
    file.write_text(text, "utf-8")


BROKEN: dict[str, Callable[[Path], Any]] = {
    "missing": forget,
    "no YAML": lambda text: text.write_text("---\nversion: [\n---\nText"),
    "no version": lambda text: text.write_text("Text"),
    "too long": lambda text: text.write_text(f"{HEAD}{'x' * (LONGEST_CONSENT_TEXT + 1)}"),
    "no UTF-8": lambda text: text.write_bytes(b"\xff\xfe"),
}


async def stored(theatre: Theatre, person: Any) -> Consented:
    return await theatre.bot.services.consents.stored(UserId(person.id), GuildId(theatre.guild.id))


@pytest.mark.parametrize("break_it", BROKEN.values(), ids=BROKEN)
async def test_consent_can_be_withdrawn_whatever_became_of_its_text(
    theatre: Theatre, data: Path, break_it: Callable[[Path], Any]
):
    performer = theatre.performers[0]
    await theatre.consent(performer, TO_RECORD)
    break_it(data / "consent" / "en.md")
    assert (await theatre.command(performer, "consent")).startswith("The consent text cannot be shown:")
    await theatre.consent(performer, [])
    assert (await stored(theatre, performer)).here == frozenset()
    wordings = "SELECT DISTINCT text_version, text_sha256 FROM consent_events"
    versions = await theatre.database.fetch_all(wordings)
    assert len(versions) == 1, "a withdrawal refers to the wording of the grant"
    answer = await theatre.consent(performer, TO_RECORD)
    assert "consent" in answer
    assert (await stored(theatre, performer)).here == frozenset(), "no one can agree without a text"


async def test_the_longest_consent_text_that_is_taken_is_shown(theatre: Theatre, data: Path):
    (data / "consent" / "en.md").write_text(f"{HEAD}{'x' * LONGEST_CONSENT_TEXT}")
    assert await theatre.command(theatre.bystander, "consent") == "x" * LONGEST_CONSENT_TEXT
    assert (await theatre.consent(theatre.bystander, TO_RECORD)).startswith("Given")
    assert (await stored(theatre, theatre.bystander)).here == TO_PERFORM


async def test_what_editors_leave_beside_a_file_is_no_file(theatre: Theatre, data: Path):
    (data / "emotions" / "._basic.toml").write_bytes(b"\x00\x05\x16\x07Mac OS X \xff")
    (data / "decks" / ".#everyday.toml").symlink_to("somebody@somewhere.1234:1")
    (data / "emotions" / "gone.toml").symlink_to(data / "nowhere.toml")
    assert "Settings of this server" in " ".join(await settings_shown(theatre))
    assert "Something went wrong" not in await theatre.command(theatre.coordinator, "deck list")
    assert set(await offered(theatre.coordinator, theatre, "session start", "emotions")) == {
        path.stem for path in (DATA / "emotions").glob("*.toml")
    }


# The export starts a process, for which two busy cores need a while.
@pytest.mark.simcord(settle_timeout=60.0)
async def test_a_file_that_is_being_edited_closes_neither_settings_nor_exports(theatre: Theatre, data: Path):
    (data / "emotions" / "draft.toml").write_text("title = ")
    (data / "instruments" / "draft.toml").write_text("title = ")
    assert "Settings of this server" in " ".join(await settings_shown(theatre))
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    await theatre.command(theatre.coordinator, "session end")
    # This export has too few consents, but the files are read before that is reported.
    assert "draft" not in await theatre.command(theatre.coordinator, "export")


def reword_directions(data: Path) -> None:
    """Edit every direction that cards can have."""
    file = data / "directions" / "en.toml"
    lines = enumerate(file.read_text("utf-8").splitlines())
    edited = [re.sub(r'^  ".*",', f'  "Nobody says this. {number}",', line) for number, line in lines]
    file.write_text("\n".join(edited), "utf-8")


async def test_a_dealt_card_stays_as_it_is_when_its_files_are_edited(theatre: Theatre, data: Path):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Deal scene")
    performer = theatre.performers[0]
    await theatre.command(theatre.coordinator, "scene part", performer=performer, emotion="joy")
    card = said(await theatre.press(performer, "My card"))
    assert "**You feel** joy" in card
    reword_directions(data)
    edit(data / "characters" / "core.toml", "rhythm", "faster than anybody")
    assert said(await theatre.press(performer, "My card")) == card
    told = await theatre.command(theatre.coordinator, "scene part", performer=performer, intensity=1)
    assert told.startswith("Changed for")
    changed = said(await theatre.press(performer, "My card"))
    assert "**You feel** joy: hide it, and it slips out. " in changed
    assert [changed.split("**You feel**")[0], "Nobody" in changed] == [card.split("**You feel**")[0], False]
    await theatre.press(theatre.coordinator, "Re-deal")
    assert "Nobody says this." in said(await theatre.press(performer, "My card"))
    assert "> Rhythm: faster than anybody\n" in said(await theatre.press(performer, "My card"))


async def test_a_dealt_scene_is_read_changed_and_rated_while_its_files_are_broken(theatre: Theatre, data: Path):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Deal scene")
    for file in ("emotions/basic.toml", "characters/core.toml", "instruments/core.toml"):
        (data / file).write_text("title = ")
    performer = theatre.performers[0]
    assert "disgust" in await offered(theatre.coordinator, theatre, "scene part", "emotion")
    await theatre.command(theatre.coordinator, "scene part", performer=performer, emotion="fear", intensity=3)
    assert "**You feel** fear: it steers you." in said(await theatre.press(performer, "My card"))
    await theatre.press(theatre.coordinator, "Start take")
    for one in theatre.performers:
        theatre.booths[-1].speak(UserId(one.id), 4.0, after=0.2)
    await theatre.cut_after(4.5)
    texts = await rate_all(theatre.audience, await theatre.press(theatre.audience, "Rate"))
    assert texts[-1].startswith("Thank you")
    assert await theatre.database.fetch_value("SELECT count(*) FROM ratings") == 3
    assert "line 1" in said(await theatre.press(theatre.coordinator, "Next scene"))


async def test_an_emotion_that_a_large_set_has_not_is_told(theatre: Theatre, data: Path):
    keys = [f"feeling_of_something_rather_long_{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(60)]
    (data / "emotions" / "big.toml").write_text(
        'title = "Big"\n'
        + "".join(f'[[emotions]]\nkey = "{key}"\nlabel = "{key[:40]}"\ndirection = "Go."\n' for key in keys)
    )
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, emotions="big")
    await theatre.press(theatre.coordinator, "Deal scene")
    answer = await theatre.command(
        theatre.coordinator, "scene part", performer=theatre.performers[0], emotion="nonesuch"
    )
    assert answer.startswith("“nonesuch” is not in this session's emotion set, which contains:")


async def test_a_chosen_role_that_was_deleted_locks_no_one_out(theatre: Theatre):
    await theatre.bot.services.guilds.change(GuildId(theatre.guild.id), "coordinator_role_id", GUILD)
    assert "Settings of this server" in " ".join(await settings_shown(theatre))
    answer = await theatre.command(theatre.performers[0], "settings")
    assert answer.endswith("Ask someone with the coordinator role or Manage Server.")


async def test_a_panel_that_someone_deleted_comes_back(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    first = theatre.panel()
    await first.delete()
    await theatre.command(theatre.coordinator, "scene deal")
    assert theatre.panel().id != first.id
    assert "Scene 1" in theatre.panel_text()
    assert said(await theatre.press(theatre.coordinator, "Pause")).startswith("Paused.")
    assert "Paused." in theatre.panel_text()
    assert len([message for message in theatre.stage.history() if message.flags.components_v2]) == 1


async def test_the_deck_in_force_is_in_the_menu_however_many_there_are(theatre: Theatre):
    text = (DATA / "decks" / "everyday.toml").read_bytes()
    for number in range(27):
        await theatre.command(theatre.coordinator, "deck import", file=(f"our-{number:02}.toml", text))
    await theatre.bot.services.guilds.change(GuildId(theatre.guild.id), "deck", "our-26")
    shown = await settings_shown(theatre)
    assert next(choice for choice in shown if choice.startswith("our-")) == "our-26 (chosen)"
    assert len([choice for choice in shown if choice.startswith("our-") or choice in DECKS]) == 25
    assert "7 more do not fit here" in " ".join(shown)


async def test_prompts_are_offered_to_coordinators_only(theatre: Theatre):
    assert await offered(theatre.coordinator, theatre, "scene deal", "prompt")
    assert await offered(theatre.performers[0], theatre, "scene deal", "prompt") == []


async def settings_shown(theatre: Theatre) -> list[str]:
    """All that a coordinator sees in `/settings`: texts and choices, in their order."""
    shown = (await theatre.coordinator.slash(theatre.stage, "settings")).response
    assert shown is not None
    found: list[str] = []

    def walk(parts: list[dict[str, Any]]) -> None:
        for part in parts:
            found.extend([part["content"]] if "content" in part else [])
            for option in part.get("options", []):
                found.append(f"{option['value']} (chosen)" if option.get("default") else option["value"])
            walk(part.get("components", []))

    walk(shown.components)
    return found


async def offered(person: simcord.MemberActor, theatre: Theatre, command: str, option: str) -> list[str]:
    """What autocompletion offers before a person types anything."""
    return [choice["value"] for choice in await person.autocomplete(theatre.stage, command, option, "")]
