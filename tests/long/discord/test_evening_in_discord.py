import io
import json
import zipfile
from pathlib import Path

import pytest

from tests.evening import GOOD_ANSWERS
from tests.theatre import Theatre, rate_all, said


async def test_an_evening_by_panel_and_commands(theatre: Theatre):
    await theatre.everyone_consents()
    answer = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, seed=3)
    assert answer.startswith("**Session 1 is open**")
    assert theatre.booths[-1].announced == 1
    assert "recorded" in theatre.panel_text()
    assert f"Not recorded: <@{theatre.audience.id}>, <@{theatre.bystander.id}>." in theatre.panel_text()
    cut = await theatre.play()
    assert "3 tracks. In a moment, its turns can be rated" in cut
    card = said(await theatre.press(theatre.performers[0], "My card"))
    assert "**You feel**" in card
    performer = theatre.performers[0]
    texts = await rate_all(performer, await theatre.press(performer, "Rate"))
    assert texts[0].startswith("**Your own turn.**")
    assert "3 clips left" in texts[0]
    texts = await rate_all(theatre.audience, await theatre.press(theatre.audience, "Rate"))
    counts = await theatre.database.fetch_one(
        "SELECT (SELECT count(*) FROM ratings) AS peers, (SELECT count(*) FROM self_ratings) AS own"
    )
    assert counts is not None
    assert (counts["peers"], counts["own"]) == (5, 1)
    answer = await theatre.command(theatre.coordinator, "session end")
    assert "1 scene, 1 take, 3 tracks" in answer
    assert "5 ratings and 1 self-rating" in answer
    assert "over" in theatre.panel_text()


async def test_a_set_of_forty_emotions_is_dealt_and_rated_in_parts(theatre: Theatre):
    await theatre.everyone_consents()
    told = await theatre.command(theatre.coordinator, "session start", channel=theatre.stage, emotions="emonet-40")
    tonight = told.split("Dealt tonight, of the whole set that raters choose from: ")[1].split(".")[0].split(", ")
    assert 6 <= len(tonight) <= 8
    await theatre.play()
    clip = (await theatre.press(theatre.audience, "Rate")).response
    assert clip is not None
    assert "Amusement, Elation, Hope/Enthusiasm/Optimism, Pleasure/Ecstasy, Pride, Teasing, Triumph" in clip.content
    labels = [button["label"] for button in clip.components[0]["components"]]
    assert labels == [
        "Joy, affection, desire, interest, calm, surprise",
        "Fear, anger, disgust, sadness, shame, neutral",
    ]
    form = await theatre.audience.click(clip, label=labels[0])
    await theatre.audience.submit_modal(form, {**GOOD_ANSWERS, "emotion": ["triumph"]})
    assert await theatre.database.fetch_value("SELECT perceived_emotion FROM ratings") == "triumph"


# The export starts a process, for which two busy cores need a while.
@pytest.mark.simcord(settle_timeout=60.0)
async def test_a_dataset_is_sent_as_one_file_and_no_archive_of_it_stays(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.play()
    result = await theatre.coordinator.slash(theatre.stage, "export", session=1)
    assert said(result).startswith("**Dataset ready:** 3 clips of 3 speakers")
    assert result.response is not None
    assert [file.filename for file in result.response.attachments] == ["session-0001.zip"]
    home = theatre.settings.home
    assert list(home.unfinished.iterdir()) == []
    assert [path.name for path in home.exports.iterdir()] == ["session-0001"]


# The export starts a process, for which two busy cores need a while.
@pytest.mark.simcord(settle_timeout=60.0)
async def test_the_log_of_an_evening_is_sent_without_sound_even_if_nothing_was_recorded(theatre: Theatre):
    await theatre.everyone_consents()
    await theatre.command(theatre.coordinator, "session start", channel=theatre.stage)
    await theatre.press(theatre.coordinator, "Deal scene")
    note = f"Ask <@{theatre.performers[0].id}> again"
    await theatre.command(theatre.coordinator, "session note", text=note)
    during = await theatre.command(theatre.coordinator, "export", session=1, log=True)
    assert during == (
        "**Log ready:** 1 scene, 0 takes, 0 ratings, 1 note. It contains no sound, and people are pseudonyms. "
        "What cards say and what raters answered is left out until session 1 has ended."
    )
    await theatre.command(theatre.coordinator, "session end")
    result = await theatre.coordinator.slash(theatre.stage, "export", session=1, log=True)
    assert said(result).endswith("1 note. It contains no sound, and people are pseudonyms.")
    assert result.response is not None
    (file,) = result.response.attachments
    assert file.filename == "log-0001.zip"
    with zipfile.ZipFile(io.BytesIO(await file.read())) as packed:
        tables = {
            Path(name).stem: json.loads(packed.read(name)) for name in packed.namelist() if name.endswith(".json")
        }
        assert not [name for name in packed.namelist() if Path(name).suffix not in (".csv", ".json", ".md")]
    assert [note["text"] for note in tables["notes"]] == ["Ask … again"]
    assert len(tables["castings"]) >= 2
    assert all(part["target_emotion"] and part["role"] for part in tables["castings"])
    home = theatre.settings.home
    assert list(home.unfinished.iterdir()) == []
    assert [path.name for path in home.exports.iterdir()] == ["log-0001"]


async def test_a_log_is_for_coordinators_and_of_their_own_server(theatre: Theatre):
    assert "Only coordinators" in await theatre.command(theatre.performers[0], "export", log=True)
    assert await theatre.command(theatre.coordinator, "export", log=True) == "There are no sessions here yet."
