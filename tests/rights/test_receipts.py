"""After each change of consent, a person gets one receipt, however the change was made and whatever happens then."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.domain.consent import TO_PERFORM, TO_RATE, Action
from bot.domain.consent_terms import Scope
from bot.domain.ids import GuildId
from bot.rights.operating import find_in, withdraw_for
from bot.services.rights import receipts
from bot.ui.texts.receipts import receipt_file
from tests.evening import COORDINATOR, GUILD, PERFORMERS, Evening, an_evening

ANNA, BERT, CARLA = PERFORMERS


@pytest.fixture(autouse=True)
def _leaves_nothing_to_presses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(receipts, "OWN_SECONDS", -1)


async def delivered(evening: Evening) -> list[str]:
    rows = await evening.database.fetch_all("SELECT delivered FROM receipts ORDER BY receipt_id")
    return [row[0] for row in rows]


async def test_everyone_who_changed_something_gets_one_receipt_and_only_one(evening: Evening):
    await evening.services.letters.send_due()
    sent = evening.stage.post.receipts
    assert {one.user_id for one in sent} == {*PERFORMERS, 555_555_555_555_555_555}
    of_anna = next(one for one in sent if one.user_id == ANNA)
    assert {(change.scope, change.action) for change in of_anna.changes} == {
        (scope, Action.GRANT) for scope in TO_PERFORM | TO_RATE
    }
    (place,) = of_anna.places
    assert (place.operator.guild_id, set(place.holds)) == (GUILD, TO_PERFORM | TO_RATE)
    await evening.services.letters.send_due()
    assert len(sent) == 4
    assert COORDINATOR not in {one.user_id for one in sent}


async def test_an_operators_withdrawal_is_told_and_a_killed_bot_tells_it_later(evening: Evening, tmp_path: Path):
    await evening.services.letters.send_due()
    person = find_in(evening.home, str(ANNA))
    assert person is not None
    withdraw_for(evening.home, person, [Scope.PEER_RATING], "Anna wrote a letter")
    evening.stage.post.is_down = True
    await evening.services.letters.send_due()
    assert await delivered(evening) == ["message"] * 4, "what Discord did not accept is still due"
    async with an_evening(tmp_path) as later:
        await later.services.letters.send_due()
        (told,) = later.stage.post.receipts
        assert told.user_id == ANNA
        assert [(one.scope, one.action) for one in told.changes] == [(Scope.PEER_RATING, Action.WITHDRAW)]
        assert set(told.places[0].holds) == TO_PERFORM


async def test_who_accepts_no_messages_is_noted_and_not_tried_again(evening: Evening):
    post = evening.stage.post
    post.deaf = {BERT}
    await evening.services.letters.send_due()
    assert sorted(await delivered(evening)) == ["message", "message", "message", "nowhere"]
    tried = len(post.receipts)
    await evening.services.letters.send_due()
    assert len(post.receipts) == tried
    again = await evening.services.receipts.of(BERT, "en")
    assert again is not None
    assert len(again.changes) == 3


async def test_nothing_is_written_to_or_kept_of_someone_who_is_erased(evening: Evening):
    await evening.services.letters.send_due()
    await evening.services.erasures.ask_now(CARLA).kept
    await evening.services.erasures.settled()
    before = len(evening.stage.post.receipts)
    await evening.services.letters.send_due()
    assert len(evening.stage.post.receipts) == before
    assert len(await delivered(evening)) == 3


async def test_a_receipt_reads_on_its_own(evening: Evening):
    await evening.services.operators.say(GUILD, {"controller": "The troupe", "contact": "us@example.org"})
    await evening.consent(ANNA, TO_PERFORM)
    receipt = await evening.services.receipts.of(ANNA, "en")
    assert receipt is not None
    text = evening.services.library.consent_text()

    def name(_: GuildId) -> str:
        return "The Stage"

    told = receipt_file(receipt, name)
    for words in (
        f"Discord account: {ANNA}",
        "Withdrawn: Rate others and keep my answers (Server The Stage (111111111111111111))",
        "[x] Record my voice during takes (since 2",
        "[ ] Rate others and keep my answers\n",
        "How to reach them: us@example.org",
        f"SHA-256 of its file: {text.sha256}\n\n{text.text}",
    ):
        assert words in told, told
