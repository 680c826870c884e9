"""An evening in another language, from a folder that the test brings along: nothing on any screen is English."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import simcord

from bot.domain.ids import GuildId, UserId
from bot.services.facts.library import Library
from tests.cogs.test_show_in_discord import labels
from tests.pseudo import TAG, in_pseudo, latin_words, write_language
from tests.theatre import Theatre

DATA = Path(__file__).parents[3] / "data"
UNREAD = {"custom_id", "id", "token", "value", "nonce", "url", "filename", "parse", "emoji", "name_localizations"}
NAMES = re.compile(r"^[A-Z]\w+/\w+$|Test Guild|The troupe|troupe@example.org|performer\d|audience|coordinator")
"""Of time zones, servers, people and operators."""

DECKS = {word for path in (DATA / "decks").glob("*.toml") for word in path.stem.split("-")}
KEPT = {"Promptbook", "Discord", "UTC", *DECKS}
"""Names, which are the same in every language."""


@pytest.fixture
def more_settings(tmp_path: Path) -> dict[str, str]:
    """A data folder with another language beside English."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder)
    write_language(folder)
    return {"PROMPTBOOK_DATA": str(folder)}


def shown(value: Any, key: str = "") -> Iterator[str]:
    """All texts in the body of a request that someone reads."""
    if key in UNREAD:
        return
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for name, one in value.items():
            yield from shown(one, str(name))
    elif isinstance(value, Sequence):
        for one in value:
            yield from shown(one, key)


def english_on_screens(env: simcord.Env, since: int) -> dict[str, list[str]]:
    """The texts since a request that have Latin words, with these words."""
    texts = {text for request in env.http_requests[since:] for text in shown(request.json)}
    found = {text: [word for word in latin_words(NAMES.sub("", text)) if word not in KEPT] for text in texts}
    return {text: words for text, words in found.items() if words}


@dataclass
class Evening:
    """What people do in a theatre whose buttons are in another language."""

    theatre: Theatre

    async def press(self, person: simcord.MemberActor, *english: str) -> None:
        for label in map(in_pseudo, english):
            assert label in labels(self.theatre.panel()), f"{label} is not among {labels(self.theatre.panel())}"
            await self.theatre.press(person, label)

    async def command(self, person: simcord.MemberActor, *names: str, **options: Any) -> None:
        for name in names:
            await person.slash(self.theatre.stage, name, **options)

    async def consent(self, person: simcord.MemberActor) -> None:
        opened = await person.slash(self.theatre.stage, "consent")
        assert opened.response is not None
        form = await person.click(opened.response, label=in_pseudo("Choose"))
        scopes = ["record", "store_and_review", "peer_rating"]
        await person.submit_modal(form, {"taking_part": scopes, "uses": [], "adult": True})

    async def start_take(self) -> None:
        await self.press(self.theatre.coordinator, "Start take")
        for person in self.theatre.performers:
            self.theatre.booths[-1].speak(UserId(person.id), 4.0, after=0.2)

    async def cut(self) -> None:
        (live,) = (session.take for session in self.theatre.bot.services.live if session.take)
        booth = self.theatre.booths[-1]
        real_stop = booth.stop_recording

        async def stop(_: float) -> Any:
            return await real_stop(booth.started_at + 4.5)

        booth.stop_recording = stop  # type: ignore[method-assign]
        live.starts_at -= 4.5 + self.theatre.settings.countdown_seconds
        await self.press(self.theatre.coordinator, "Cut")


# A screen is compared with every phrase, and turns are looked for in a thread.
@pytest.mark.simcord(settle_timeout=60.0)
async def test_nothing_on_any_screen_of_an_evening_is_english(theatre: Theatre):
    evening, env = Evening(theatre), theatre.env
    coordinator, performers = theatre.coordinator, theatre.performers
    await theatre.bot.services.guilds.change(GuildId(theatre.guild.id), "language", TAG)
    since = len(env.http_requests)
    for person in performers:
        await evening.consent(person)
    await evening.command(
        performers[0], "lines", "card", "held", "profile", "privacy", "roster", "rate", "session start"
    )
    await evening.command(performers[0], "me withdraw", "me erase", "pay mine")
    await evening.command(performers[1], "me export", "session pause", "scene deal", "export")
    await evening.command(coordinator, "settings", "pay rate", "session notes", "session end")
    await evening.command(coordinator, "session start", channel=theatre.stage)
    await evening.command(coordinator, "session warmup")
    await evening.press(coordinator, "Next exercise", "Finish", "Deal scene", "Re-deal")
    for person in performers:
        await evening.press(person, "My card", "The prompt")
    await evening.start_take()
    await evening.press(performers[1], "Ease off")
    await evening.command(coordinator, "take coach", performer=performers[0], text=in_pseudo("Wait for her."))
    await evening.cut()
    await evening.press(coordinator, "Discard", "Restore")
    await evening.press(performers[0], "Rate")
    await evening.press(coordinator, "Next scene", "Pause", "Resume")
    await evening.start_take()
    await evening.press(performers[2], "Stop (X-card)")
    await evening.command(coordinator, "session debrief")
    await evening.press(performers[0], "My card")
    await evening.command(coordinator, "session note", text=in_pseudo("Well played."))
    await evening.command(coordinator, "session end")
    english = english_on_screens(env, since)
    assert not english, "\n".join(f"{words} in {text!r}" for text, words in english.items())


def test_every_file_of_the_folder_is_read(tmp_path: Path):
    shutil.copytree(DATA, tmp_path / "data")
    write_language(tmp_path / "data")
    library = Library(tmp_path / "data").require_language(TAG)
    assert library.missing() == []
    assert library.phrases().one("Cut") == in_pseudo("Cut")
    for name in library.names("decks"):
        assert latin_words(library.deck(name).prompts[0].text) == []
