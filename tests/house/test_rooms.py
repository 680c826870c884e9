"""Every module is in a room of the table in docs/architecture.md, and every import is one of its arrows."""

from __future__ import annotations

import pytest

from tests.house.rooms import PAGE, circles, read_rooms, what_is_wrong
from tests.house.source import MODULES, ROOT, Module

ROOMS = read_rooms(PAGE.read_text("utf-8"))


def planted(name: str, imports: str) -> list[Module]:
    return [*MODULES, Module(name, ROOT, frozenset({imports}))]


def test_the_house_is_as_its_table_says():
    assert len(ROOMS) > 20
    assert what_is_wrong(MODULES, ROOMS) == []


@pytest.mark.parametrize(
    ("name", "imports", "said"),
    [
        ("bot.domain.turns", "bot.store.database.Database", "bot.domain imports bot.store, which is not above it"),
        ("bot.wire.rtp", "cogs.session.SessionCog", "bot.wire imports cogs, which is not above it"),
        ("bot.embedded.journal", "bot.domain.turns.Turn", "bot.embedded imports bot.domain, and the table does not"),
        ("bot.attic.lumber", "bot.domain.turns.Turn", "bot.attic.lumber is in no room of the table"),
        ("bot.lumber", "bot.domain.turns.Turn", "bot.lumber is in no room of the table"),
    ],
)
def test_a_planted_violation_is_found(name: str, imports: str, said: str):
    wrong = what_is_wrong(planted(name, imports), ROOMS)
    assert any(sentence.startswith(said) for sentence in wrong), wrong


def test_a_row_that_is_not_true_is_found():
    wrong = what_is_wrong(MODULES, {**ROOMS, "bot.app": ROOMS["bot.app"] | {"bot.wire"}})
    assert wrong == ["The table says that bot.app imports bot.wire, and it does not"]


def test_a_room_that_is_not_listed_is_missed():
    rooms = {room: others for room, others in ROOMS.items() if room != "bot.wire"}
    assert "bot.wire.rtp is in no room of the table" in what_is_wrong(MODULES, rooms)


def test_nothing_imports_itself_by_way_of_others():
    assert circles(MODULES) == []


def test_a_planted_circle_is_found():
    found = circles(planted("bot.services.access.changes", "bot.services.session.pauses.Pauses"))
    assert "bot.services.access imports itself by way of others" in found
