"""Private messages: under a card that is open, otherwise directly, and directly as well if that is asked for."""

from __future__ import annotations

import asyncio
from time import monotonic
from types import SimpleNamespace
from typing import Any

import discord
import pytest

from bot.domain.ids import CastingId, SessionId, TakeId, UserId
from bot.stage import whispers
from bot.stage.whispers import Whispers
from bot.ui.cue_buttons import cue_view
from bot.ui.custom_ids import OfCue

ADA = UserId(444_444_444_444_444_441)


class PaperInbox:
    """One account's direct messages, which Discord can refuse."""

    def __init__(self) -> None:
        self.received: list[tuple[str, list[str]]] = []
        self.files: list[tuple[str, str | None, bytes]] = []
        self.refusal: Exception | None = None

    async def create_dm(self, user: discord.Object) -> PaperInbox:
        assert user.id == ADA
        return self

    async def send(self, text: str, view: discord.ui.View | None = None, file: discord.File | None = None) -> None:
        if self.refusal:
            raise self.refusal
        self.received.append((text, ids_of(view)))
        self.files += [(file.filename, file.description, file.fp.read())] if file else []


def ids_of(view: discord.ui.View | None) -> list[str]:
    return [item.custom_id for item in view.children if isinstance(item, discord.ui.Button)] if view else []  # type: ignore[misc]


def refused(status: int, code: int) -> discord.HTTPException:
    response: Any = SimpleNamespace(status=status, reason="refused")
    return discord.HTTPException(response, {"code": code, "message": "refused"})


def server_fault() -> discord.DiscordServerError:
    response: Any = SimpleNamespace(status=502, reason="bad gateway")
    return discord.DiscordServerError(response, {"code": 0, "message": "bad gateway"})


@pytest.fixture
def inbox() -> PaperInbox:
    return PaperInbox()


@pytest.fixture
def told(inbox: PaperInbox) -> Whispers:
    client: Any = inbox
    return Whispers(client)


@pytest.fixture
def button() -> discord.ui.View:
    return cue_view(OfCue(SessionId(1), TakeId(2), CastingId(3)))


async def test_a_card_that_is_open_gets_the_message_with_its_buttons(told: Whispers, inbox: PaperInbox):
    seen: list[tuple[str, list[str]]] = []

    async def tell(text: str, view: discord.ui.View | None, _: bytes | None) -> None:
        seen.append((text, ids_of(view)))

    told.card_shown(ADA, tell)
    before = monotonic()
    sent = await told.tell(ADA, "Now", cue_view(OfCue(SessionId(1), TakeId(2), CastingId(3))))
    assert sent is not None
    assert (sent.is_at_card, before <= sent.since <= sent.at <= monotonic()) == (True, True)
    assert (seen, inbox.received) == ([("Now", ["pb:cue-seen:1:2:3"])], [])
    assert await told.tell_by_message(ADA, "Now, too")
    assert inbox.received == [("Now, too", [])]


@pytest.mark.parametrize(
    ("error", "may_have_worked"),
    [(refused(401, 50027), False), (server_fault(), True), (TimeoutError(), True)],
    ids=["token expired", "server fault", "out of reach"],
)
async def test_a_card_that_cannot_be_followed_up_is_forgotten_and_a_message_is_sent(
    told: Whispers, inbox: PaperInbox, button: discord.ui.View, error: Exception, may_have_worked: bool
):
    async def tell(*_: object) -> None:
        tries.append(monotonic())
        raise error

    tries: list[float] = []
    told.card_shown(ADA, tell)
    first, second = await told.tell(ADA, "Now", button), await told.tell(ADA, "Now", button)
    assert first is not None
    assert second is not None
    assert (first.is_at_card, second.is_at_card) == (False, False)
    assert (first.since <= tries[0]) == may_have_worked, "a refused request was not seen, a lost one may have been"
    assert (len(tries), inbox.received) == (1, [("Now", ["pb:cue-seen:1:2:3"])] * 2)


async def test_a_cue_does_not_wait_for_a_card_that_discord_is_slow_to_follow_up(
    told: Whispers, inbox: PaperInbox, monkeypatch: pytest.MonkeyPatch
):
    async def tell(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(whispers, "CARD_PATIENCE_SECONDS", 0.05)
    told.card_shown(ADA, tell)
    sent = await told.tell(ADA, "Now")
    assert sent is not None
    assert (sent.is_at_card, inbox.received) == (False, [("Now", [])])


async def test_who_accepts_no_direct_messages_cannot_be_told_without_a_card(told: Whispers, inbox: PaperInbox):
    inbox.refusal = refused(403, 50007)
    assert await told.tell(ADA, "Now") is None
    assert await told.tell_by_message(ADA, "Now") is None


async def test_what_must_make_no_sound_comes_only_under_an_open_card(told: Whispers, inbox: PaperInbox):
    under_card: list[str] = []

    async def tell(text: str, *_: object) -> None:
        under_card.append(text)

    assert not await told.tell_quietly(ADA, "30 seconds left")
    told.card_shown(ADA, tell)
    assert await told.tell_quietly(ADA, "30 seconds left")
    assert under_card == ["30 seconds left"]
    assert inbox.received == [], "a phone would sound at a direct message"


async def test_a_cue_that_is_read_aloud_arrives_with_its_sound_under_a_card_and_directly(
    told: Whispers, inbox: PaperInbox
):
    sounds: list[bytes | None] = []

    async def tell(_text: str, _view: discord.ui.View | None, sound: bytes | None) -> None:
        sounds.append(sound)
        raise refused(401, 50027)

    told.card_shown(ADA, tell)
    assert await told.tell(ADA, "Now", None, b"mp3")
    assert sounds == [b"mp3"]
    assert inbox.files == [("cue.mp3", "Your cue, read aloud", b"mp3")]


async def test_who_chose_direct_messages_gets_one_though_their_card_is_open(told: Whispers, inbox: PaperInbox):
    under_card: list[str] = []

    async def tell(text: str, *_: object) -> None:
        under_card.append(text)

    told.card_shown(ADA, tell)
    first = await told.tell_directly(ADA, "Now")
    inbox.refusal = refused(403, 50007)
    second = await told.tell_directly(ADA, "Later")
    assert first is not None
    assert second is not None
    assert (first.is_at_card, second.is_at_card) == (False, True)
    assert ([text for text, _ in inbox.received], under_card) == (["Now"], ["Later"])
