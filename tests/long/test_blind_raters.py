"""What a rater is sent says nothing about the clips: every screen is like every other, and ids are random."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from bot.domain.ids import UserId
from bot.embedded.client.listening import listen_to
from bot.embedded.client.person import Person
from bot.embedded.client.screen import Message
from bot.guessing.bags import bags_of
from bot.guessing.bayes import everything
from bot.guessing.luck import guess
from bot.rehearsal.panel import press
from bot.store.database import Database
from tests.evening import GOOD_ANSWERS
from tests.real_bot import RealBot, open_real_bot

TURNS = 4
"""Turns per performer in each of two scenes."""

SHUFFLES, LEAST_LUCK = 999, 0.002
"""How often labels are shuffled, and how improbable luck must be to doubt it.

With four guesses, fewer than one run in a hundred is that lucky.
"""

LETTERS = dict(zip("0123456789abcdef", "klmnopqrstuvwxyz", strict=True))
"""A guesser knows words, and digits are none."""

TOKEN = re.compile(r"t[0-9a-f]{20}")
LEFT = re.compile(r"This is the last one\.|\d+ clips left, including this one\.")


@pytest.fixture
async def real(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[RealBot]:
    async with open_real_bot(tmp_path, monkeypatch) as real:
        await real.open_session()
        yield real


@dataclass
class Seen:
    """All that a rater was shown about clips, in order: the message, its form if it has one, and the sound."""

    messages: list[Message] = field(default_factory=list[Message])
    forms: list[str] = field(default_factory=list[str])
    sounds: list[bytes] = field(default_factory=list[bytes])

    @property
    def tokens(self) -> list[str]:
        return [TOKEN.findall(str(one.raw["components"]))[0] for one in self.messages]


def database_of(real: RealBot) -> Database:
    return real.bot.services.sessions.database


async def played(real: RealBot) -> None:
    """Two scenes with a take each, whose turns are more than people speak in so short a time."""
    for _ in range(2):
        await real.press("Deal scene", "Next scene")
        await real.press("Start take")
        booth = real.booths[-1]
        for person in real.people["performer"]:
            booth.speak(UserId(person.user_id), 3.0, after=0.2)
        await asyncio.sleep(max(booth.started_at + 3.5 - time.monotonic(), 0))
        await real.press("Cut")
    await real.bot.services.turns.settled()
    async with database_of(real).transaction() as tx:
        for number in range(2, TURNS + 1):
            start = 24_000 * number
            await tx.execute(
                "INSERT INTO turns (track_id, number, start_samples, end_samples, clip_start_samples, "
                "clip_end_samples, is_for_rating, found_by, method) SELECT track_id, ?1, ?2, ?3, ?2, ?3, 1, found_by, "
                "method FROM turns WHERE number = 1",
                *(number, start, start + 24_000),
            )


async def rate_everything(person: Person) -> Seen:
    seen = Seen()
    shown = (await press(person, "Rate")).reply.message
    while shown is not None and shown.buttons:
        seen.messages.append(shown)
        seen.sounds += [await listen_to(person, one) for one in shown.attachments]
        sent_at = time.monotonic()
        pressed = await person.click(shown, shown.buttons[0].custom_id)
        if len(shown.attachments) == 1:
            assert pressed.modal is not None, pressed.text
            seen.forms.append(f"{pressed.modal.custom_id} {pressed.modal.title} {pressed.modal.fields}")
            sent_at = time.monotonic()
            await person.submit(pressed.modal, dict(GOOD_ANSWERS))
        message_id = shown.message_id
        shown = await person.wait_for_message(lambda one, same=message_id: one.message_id == same, since=sent_at)
    return seen


def screen(message: Message) -> str:
    """What is on a screen, without the three things that may differ: token, number of clips to come, and the file."""
    files = [{"name": one.filename, "type": one.content_type} for one in message.attachments]
    kept = {key: message.raw[key] for key in ("content", "components", "embeds", "flags")}
    return LEFT.sub("N LEFT", TOKEN.sub("TOKEN", json.dumps({**kept, "files": files})))


async def secrets_of(real: RealBot) -> list[str]:
    """Words and numbers that would tell a rater something: who plays, as whom, what, and where the sound is."""
    rows = await database_of(real).fetch_all(
        "SELECT discord_user_id, pseudonym, character, role, path FROM castings JOIN people USING (person_id) "
        "JOIN tracks USING (person_id)"
    )
    return [str(value) for row in rows for value in tuple(row) if value]


def rank_correlation(values: Sequence[Any]) -> float:
    """Spearman's ρ of values with their places."""
    ranks = {value: rank for rank, value in enumerate(sorted(values))}
    n = len(values)
    return 1 - 6 * sum((ranks[value] - place) ** 2 for place, value in enumerate(values)) / (n * (n * n - 1))


def differences(message: Message, token: str) -> str:
    """What differs between the screens of clips, as words for a guesser: each digit of the token, and what is left."""
    told = f"{token[1:]}{LEFT.findall(message.text)}{message.message_id}"
    return " ".join(
        f"{'abcdefghij'[place % 10]}{'jihgfedcba'[place // 10]}{LETTERS[one]}" for place, one in numbered(told)
    )


def numbered(told: str) -> list[tuple[int, str]]:
    return [(place, one) for place, one in enumerate(told[:100]) if one in LETTERS]


async def guessed(real: RealBot, seen: Seen, leak: str = "") -> dict[str, float]:
    """How probable it is that a guesser is as often right by luck, for each thing that it guesses from the screens.

    With a `leak`, the screens say this one thing.
    """
    rows = await database_of(real).fetch_all(
        "SELECT token, target_emotion, tracks.person_id, tracks.take_id, character FROM trials "
        "JOIN turns USING (turn_id) JOIN tracks USING (track_id) JOIN takes USING (take_id) "
        "JOIN castings USING (scene_id, person_id) "
        "WHERE trials.kind = 'turn'"
    )
    dealt = {row["token"]: row for row in rows}
    shown = [(one, token) for one, token in zip(seen.messages, seen.tokens, strict=True) if token in dealt]
    texts = [differences(one, token) for one, token in shown]
    if leak:
        told = np.unique([dealt[token][leak] for _, token in shown], return_inverse=True)[1]
        texts = [f"{text} {20 * f'leak{LETTERS[str(value)]} '}" for text, value in zip(texts, told, strict=True)]
    bags = bags_of(texts, np.arange(len(texts)))
    random, found = np.random.default_rng(1), dict[str, float]()
    for what in ("target_emotion", "person_id", "take_id", "character"):
        values = [dealt[token][what] for _, token in shown]
        labels = np.unique(values, return_inverse=True)[1].astype(np.int64)
        shuffled = [random.permutation(labels) for _ in range(SHUFFLES)]
        found[what] = guess(bags, labels, [everything(len(texts))], shuffled).p or 0.0
    return found


async def test_a_rater_sees_nothing_but_the_sound(real: RealBot):
    [rater] = real.people["audience"]
    await real.consent(rater)
    await played(real)
    seen = await rate_everything(rater)
    trials = await database_of(real).fetch_all("SELECT token, kind, purpose, turn_id FROM trials ORDER BY number")
    of_token = {row["token"]: row for row in trials}
    assert {row["kind"] for row in trials} == {"turn", "pair"}
    assert {row["purpose"] for row in trials} >= {"rating", "repeat"}
    assert set(seen.tokens) == set(of_token), "each trial was seen, and nothing else"
    for kind in ("turn", "pair"):
        screens = {
            screen(one)
            for one, token in zip(seen.messages, seen.tokens, strict=True)
            if of_token[token]["kind"] == kind
        }
        assert len(screens) == 1, screens
    assert len({TOKEN.sub("TOKEN", form) for form in seen.forms}) == 1
    told = [json.dumps(one.raw) for one in rater.messages.values() if one.is_ephemeral] + seen.forms
    for message in seen.messages:
        told.append(json.dumps({**message.raw, "attachments": [file.filename for file in message.attachments]}))
    secrets = await secrets_of(real)
    assert secrets
    assert not [secret for secret in secrets for one in told if secret in one]
    sounds = [sound for sound in seen.sounds if any(secret.encode() in sound for secret in secrets)]
    assert not sounds
    assert not [sound for sound in seen.sounds if b"TAG" in sound[-128:-125] or b"TIT2" in sound[:4096]]
    left = [int(found[0]) for one in seen.messages if (found := re.findall(r"(\d+) clips left", one.text))]
    assert left == list(range(left[0], 1, -1)), "the number of clips does not tell a check from a rating"
    rated = [
        of_token[token]["turn_id"]
        for token in seen.tokens
        if of_token[token]["purpose"] == "rating" and of_token[token]["kind"] == "turn"
    ]
    assert abs(rank_correlation([row["token"] for row in trials])) < 0.7, "tokens are not in order"
    assert abs(rank_correlation(rated)) < 0.7, "clips do not come in the order of takes"
    by_turn = [row["token"] for row in sorted(trials, key=lambda row: row["turn_id"])]
    assert abs(rank_correlation(by_turn)) < 0.7, "tokens do not follow turns"
    assert min((await guessed(real, seen)).values()) > LEAST_LUCK
    assert (await guessed(real, seen, leak="person_id"))["person_id"] <= LEAST_LUCK, "a leak would be found"
