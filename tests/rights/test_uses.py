"""Everyone whose sound is given to someone is told so once, whatever happens in between, and finds it in a register."""

from __future__ import annotations

from pathlib import Path

from bot.domain.ids import PersonId, UserId
from bot.store.uses import add_use
from bot.store.writing import writing
from bot.ui.texts.uses import given_text, uses_pages
from tests.evening import PERFORMERS, Evening, an_evening

ANNA, BERT, CARLA = PERFORMERS
ACME = "Acme *Voices*"


async def given(
    evening: Evening, *people: UserId, recipient: str | None = ACME, purpose: str | None = None, times: int = 1
) -> None:
    """Exports that have these people's sound."""
    known = await evening.database.fetch_all("SELECT discord_user_id, person_id FROM people")
    persons = {row["discord_user_id"]: PersonId(row["person_id"]) for row in known}
    with writing(evening.home.database) as tx:
        for _ in range(times):
            add_use(
                tx,
                purpose=purpose,
                recipient=recipient,
                release_id=None,
                content_sha256="ab" * 32,
                sessions=["S0001"],
                clips={persons[user]: 3 for user in people},
                now="2027-01-02T03:04:05.000Z",
            )


async def test_everyone_in_an_export_with_a_recipient_is_told_once(evening: Evening, tmp_path: Path):
    post = evening.stage.post
    await given(evening, ANNA, recipient=None, purpose="train_recognition")
    await given(evening, ANNA, BERT, CARLA)
    post.deaf = {CARLA}
    post.is_down = True
    await evening.services.uses.send_due()
    post.is_down = False
    post.told_uses.clear()
    await evening.services.uses.send_due()
    assert [(one.discord_user_id, one.recipient, one.clips) for one in post.told_uses] == [
        (user, ACME, 3) for user in PERFORMERS
    ]
    rows = await evening.database.fetch_all("SELECT delivered FROM notices ORDER BY notice_id")
    assert [row[0] for row in rows] == ["message", "message", "nowhere"]
    assert "given to **Acme \\*Voices\\***" in given_text(post.told_uses[0])
    async with an_evening(tmp_path) as later:
        await later.services.uses.send_due()
        assert later.stage.post.told_uses == []


async def test_a_killed_bot_tells_it_when_it_is_back_but_not_to_who_was_erased(evening: Evening, tmp_path: Path):
    await given(evening, ANNA, BERT)
    await evening.services.erasures.ask_now(BERT).kept
    await evening.services.erasures.settled()
    async with an_evening(tmp_path) as later:
        await later.services.uses.send_due()
        assert [one.discord_user_id for one in later.stage.post.told_uses] == [ANNA]


async def test_the_register_has_a_persons_own_uses_the_newest_first(evening: Evening):
    await given(evening, ANNA, times=120)
    await given(evening, ANNA, BERT, recipient=None, purpose="train_recognition")
    uses = await evening.services.uses.of(ANNA)
    assert [one.purpose for one in uses[:2]] == ["train_recognition", None]
    pages = uses_pages(uses)
    assert len(pages) == 5
    assert all(len(page) <= 2000 for page in pages)
    assert "There is more" in pages[-1]
    (only,) = await evening.services.uses.of(BERT)
    assert "2027-01-02: Train models that recognise emotion; 3 clips of yours from S0001; hash" in uses_pages([only])[0]
    assert uses_pages(await evening.services.uses.of(CARLA)) == [
        "No dataset has your recordings. If one is made, it is listed here."
    ]
