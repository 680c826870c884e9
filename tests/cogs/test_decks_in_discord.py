"""Decks that a coordinator imports, as seen in Discord."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from bot.domain.tables import LARGEST_FILE_BYTES
from tests.theatre import Theatre, said

EVERYDAY = (Path(__file__).parents[2] / "data" / "decks" / "everyday.toml").read_text("utf-8")
PROMPT = '[[prompts]]\nid = "p{n}"\ntitle = "Title {n}"\ntext = "Text {n}"\nroles = ["secret a{n}", "secret b{n}"]\n'


def deck(title: str, prompts: int = 1, extra: str = "") -> bytes:
    return f'title = "{title}"\n{"".join(PROMPT.format(n=n) + extra for n in range(prompts))}'.encode()


async def bring(theatre: Theatre, filename: str, data: bytes) -> str:
    return await theatre.command(theatre.coordinator, "deck import", file=(filename, data))


async def choices(theatre: Theatre, name: str, option: str, typed: str) -> list[Any]:
    offered = await theatre.coordinator.autocomplete(theatre.stage, name, option, typed)
    return [choice["value"] for choice in offered]


async def events(theatre: Theatre, kind: str) -> list[dict[str, Any]]:
    rows = await theatre.database.fetch_all("SELECT detail FROM events WHERE kind = ?", kind)
    return [json.loads(row["detail"]) for row in rows]


async def test_a_deck_is_imported_played_and_removed(theatre: Theatre):
    answer = await bring(theatre, "Winter Tales.toml", deck("Winter tales", 3))
    assert answer.splitlines()[0] == (
        "`winter-tales` is ready. **Winter tales: 3 prompts for 2 performers**. "
        "Deal from it with `/session start deck:winter-tales`."
    )
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, deck="winter-tales")
    assert "Title " in said(await theatre.press(theatre.coordinator, "Deal scene"))
    answer = await theatre.command(theatre.coordinator, "deck forget", name="winter-tales")
    assert answer.startswith("The open session deals from “winter-tales”. End it with")
    answer = await bring(theatre, "winter-tales.toml", deck("Longer winter", 4))
    assert answer.startswith("`winter-tales` replaces the earlier one. **Longer winter: 4 prompts")
    await theatre.command(theatre.coordinator, "session end")
    answer = await theatre.command(theatre.coordinator, "deck forget", name="winter-tales")
    assert answer == "`winter-tales` has been removed. Scenes that were dealt from it stay as they are."
    answer = await theatre.command(theatre.coordinator, "deck forget", name="winter-tales")
    assert answer == "There is no “winter-tales” in `imported decks`. There are none yet."
    assert [one["prompts"] for one in await events(theatre, "deck_imported")] == [3, 4]
    assert await events(theatre, "deck_forgotten") == [{"deck": "winter-tales"}]


async def test_the_servers_own_deck_goes_before_the_installations(theatre: Theatre):
    await bring(theatre, "everyday.toml", deck("Ours", 2))
    listed = await theatre.command(theatre.coordinator, "deck list")
    assert "- `everyday` ★: Ours: 2 prompts for 2 performers" in listed
    assert "- `high-stakes`: High stakes: " in listed
    assert (await theatre.command(theatre.coordinator, "deck preview", name="everyday")).startswith("**Ours: 2 prompts")
    answer = await theatre.command(theatre.coordinator, "deck forget", name="everyday")
    assert answer.endswith("The installation's own `everyday` takes its place again.")
    listed = await theatre.command(theatre.coordinator, "deck list")
    assert "- `everyday`: Everyday: 34 prompts for 2 to 4 performers" in listed


async def test_an_import_tells_what_would_make_the_deck_better_and_no_role(theatre: Theatre):
    answer = await bring(theatre, "plain.toml", deck("Plain"))
    assert answer.splitlines()[1:] == [
        "It can be played as it is. It would be better like this:",
        "- line 2: 'pull' is missing: name one to three families of emotions that this situation favours.",
        "- line 6: no role has a 'want': say what each wants from the others, now.",
    ]
    answer = await bring(theatre, "long.toml", deck("Long", 20))
    assert answer.splitlines()[-1] == "… and 32 more. `promptbook decks check` lists all of them."
    assert len(answer) <= 2000
    assert "secret" not in answer
    answer = await bring(theatre, "everyday.toml", EVERYDAY.encode())
    assert answer.splitlines()[1:] == []


async def test_a_deck_for_one_says_so(theatre: Theatre):
    single = b'title = "One"\n[[prompts]]\nid = "p"\ntitle = "P"\ntext = "T"\nroles = ["a"]\n'
    assert "**One: 1 prompt for 1 performer**" in await bring(theatre, "one.toml", single)


@pytest.mark.parametrize(
    ("filename", "data", "answer"),
    [
        ("d.toml", EVERYDAY.replace('id = "last-train"', 'id = "Last train"').encode(), "`d.toml`, line 7: 'id' must"),
        (
            "d.toml",
            deck("D", 1, 'tags = ["tax"]\n'),
            "`d.toml`, line 7: the tag 'tax' is not a topic; the topics are death,",
        ),
        ("d.toml", b'title = "D"\n', "`d.toml`, line 1: at least one [[prompts]] table is needed."),
        ("d.toml", "title = 'Ü'".encode("latin-1"), "`d.toml`, line 1: the text is not UTF-8; save the file"),
        ("d.toml", b"#" * (LARGEST_FILE_BYTES + 1), "`d.toml`, line 1: the file is larger than 256 KiB"),
        (
            "d.txt",
            deck("D"),
            "`d.txt`, line 1: name the file with at most 60 Latin letters and digits, and '.toml' at the end",
        ),
        ("d.toml", f'title = "{"x" * 5000}"'.encode(), "`d.toml`, line 1: 'title' has 5000 characters; shorten it"),
        ("d.toml", f'{"x" * 5000} = "y"'.encode(), "`d.toml`, line 1: 'xxxx"),
    ],
    ids=["id", "tag", "empty", "latin-1", "giant", "txt", "long title", "long key"],
)
async def test_a_deck_that_cannot_be_used_is_told_with_its_line(
    theatre: Theatre, filename: str, data: bytes, answer: str
):
    told = await bring(theatre, filename, data)
    assert told.startswith(answer)
    assert len(told) <= 2000
    assert await theatre.database.fetch_value("SELECT count(*) FROM guild_decks") == 0
    assert await events(theatre, "deck_imported") == []


async def test_a_preview_shows_everything_but_what_is_on_the_cards(theatre: Theatre):
    tags = 'tags = ["death", "illness", "war", "family-conflict"]\n'
    await bring(theatre, "long.toml", deck("Long", 60, tags))
    result = await theatre.coordinator.slash(theatre.stage, "deck preview", name="long")
    assert result.ephemeral
    pages = [said(result), *(page.content for page in result.followups)]
    assert len(pages) > 1
    assert all(len(page) <= 2000 for page in pages)
    assert pages[0].startswith("**Long: 60 prompts for 2 performers**\nTopics: Death and grief (60), Illness (60), ")
    told = "\n".join(pages)
    assert all(f"- Title {n} · 2 · " in told for n in range(60))
    assert "secret" not in told
    assert "Text 1" not in told


async def test_a_deck_whose_topics_are_gone_is_listed_with_what_is_wrong(theatre: Theatre):
    await bring(theatre, "old.toml", deck("Old"))
    database = theatre.database
    async with database.transaction() as tx:
        await tx.execute("UPDATE guild_decks SET text = ?", deck("Old", 1, 'tags = ["tax"]\n').decode())
    listed = await theatre.command(theatre.coordinator, "deck list")
    assert "- `old` ★ cannot be used. `old.toml`, line 7: the tag 'tax' is not a topic" in listed
    assert "- `everyday`: Everyday" in listed
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, deck="old")
    assert answer.startswith("`old.toml`, line 7: the tag 'tax'")


async def test_names_are_offered_while_they_are_typed(theatre: Theatre):
    await bring(theatre, "My stakes.toml", deck("Mine"))
    assert await choices(theatre, "session start", "deck", "") == [
        "ensemble",
        "everyday",
        "high-stakes",
        "my-stakes",
        "solo",
        "two-hander-status",
    ]
    assert await choices(theatre, "session start", "deck", "STA") == ["high-stakes", "my-stakes", "two-hander-status"]
    assert await choices(theatre, "deck preview", "name", "my") == ["my-stakes"]
    assert await choices(theatre, "deck forget", "name", "") == ["my-stakes"]
    assert await choices(theatre, "session start", "emotions", "") == ["basic", "categories-27", "emonet-40", "iemocap"]
    assert await choices(theatre, "session start", "emotions", "27") == ["categories-27"]


async def test_a_broken_emotion_set_keeps_no_other_from_being_offered(theatre: Theatre, tmp_path: Path):
    shutil.copytree(theatre.settings.data, tmp_path / "data")
    (tmp_path / "data" / "emotions" / "basic.toml").write_text("title = ")
    theatre.bot.services.library._folder = tmp_path / "data"
    offered = await theatre.coordinator.autocomplete(theatre.stage, "session start", "emotions", "")
    assert [choice["name"] for choice in offered] == [
        "basic",
        "Cowen and Keltner's 27 categories and neutral",
        "EmoNet's 40 categories and neutral",
        "IEMOCAP's nine",
    ]


async def test_only_coordinators_see_and_change_decks(theatre: Theatre):
    await bring(theatre, "ours.toml", deck("Ours"))
    performer = theatre.performers[0]
    for command, options in (
        ("deck import", {"file": ("theirs.toml", deck("Theirs"))}),
        ("deck list", {}),
        ("deck preview", {"name": "ours"}),
        ("deck forget", {"name": "ours"}),
    ):
        assert (await theatre.command(performer, command, **options)).startswith("Only coordinators can do this.")
    assert await theatre.database.fetch_value("SELECT group_concat(name) FROM guild_decks") == "ours"


async def test_decks_of_one_server_are_unknown_on_another(theatre: Theatre):
    await bring(theatre, "ours.toml", deck("Ours"))
    guild = theatre.env.create_guild()
    role = guild.create_role("Coordinator")
    other = guild.add_member(theatre.coordinator.user, roles=[role])
    answer = said(await other.slash(guild.create_text_channel("lobby"), "deck preview", name="ours"))
    assert (
        answer == "There is no “ours” in `decks`. Available: ensemble, everyday, high-stakes, solo, two-hander-status."
    )
