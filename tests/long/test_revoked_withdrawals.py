"""What was given away on a consent that is withdrawn since is on the list of its version, and of no other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from bot.__main__ import app
from bot.dataset.export import ExportOrder, export_dataset
from bot.dataset.model.options import Options
from bot.dataset.verifying.copies import Copy
from bot.dataset.verifying.finding_revoked import find_revoked
from bot.dataset.verifying.revoked import read_revocations, read_revoked
from bot.domain.consent_terms import Scope, Terms
from bot.rights.lists import renew_lists
from bot.rights.operating import find_in, withdraw_for
from tools.synthetic.session import NOW, PERFORMER_SCOPES, Troupe, open_troupe, play_evening

ACME = "Acme Voices"
LATER = "2999-01-01T00:00:00.000Z"


@pytest.fixture
async def troupe(tmp_path: Path) -> Any:
    troupe = await open_troupe(tmp_path / "home")
    yield troupe
    await troupe.database.close()


def export(troupe: Troupe, name: str, **bound: Any) -> Copy:
    out = troupe.home.folder.parent / name
    export_dataset(ExportOrder(troupe.database.path, troupe.home, out, troupe.sessions, Options(**bound)))
    return Copy(out)


async def test_a_withdrawn_purpose_revokes_what_was_exported_for_it_and_nothing_else(troupe: Troupe):
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(3)]
    await play_evening(troupe, people, [])
    for person in people[:2]:
        await troupe.grant(person, Scope.SHARE_WITH_CLIENT, Terms((ACME,)))
    kept = export(troupe, "kept")
    purpose = export(troupe, "purpose", purpose=Scope.TRAIN_RECOGNITION)
    shared = export(troupe, "shared", recipient=ACME)
    renew_lists(troupe.database.path, troupe.home, NOW)
    assert not troupe.home.revoked.exists(), "nothing was withdrawn"

    anna = find_in(troupe.home, "spk_00000001")
    assert anna is not None
    withdraw_for(troupe.home, anna, [Scope.SHARE_WITH_CLIENT], "a letter")
    listed = read_revocations(troupe.home.revoked)
    assert set(listed) == {str(shared.version)}
    theirs = {turn.row["sha256"] for turn in shared.turns() if turn.row["speaker_id"] == "spk_00000001"}
    assert set(listed[str(shared.version)]["clip"]) == theirs
    files = {name: sha256 for name, sha256 in shared.files.items() if name.startswith(("mixes/", "tracks/"))}
    gone = {sha256 for name, sha256 in files.items() if name.startswith("mixes/") or "spk_00000001" in name}
    assert {*listed[str(shared.version)]["mix"], *listed[str(shared.version)]["track"]} == gone
    wanted = read_revoked(troupe.home.revoked)
    assert find_revoked(shared, wanted).speakers == {"spk_00000001"}
    assert find_revoked(kept, wanted).sounds == find_revoked(purpose, wanted).sounds == 0
    words = ["revoked", str(shared.root), "--list", str(troupe.home.revoked), "--apply"]
    assert CliRunner().invoke(app, words).exit_code == 0
    assert {turn.row["speaker_id"] for turn in Copy(shared.root).turns()} == {"spk_00000002"}


async def test_a_term_that_is_over_revokes_and_a_suspension_does_not(troupe: Troupe):
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, people, [])
    await troupe.grant(people[0], Scope.SHARE_WITH_CLIENT, Terms((ACME,), "2998-01-01T00:00:00.000Z"))
    await troupe.grant(people[1], Scope.SHARE_WITH_CLIENT, Terms((ACME,)))
    shared = export(troupe, "shared", recipient=ACME)
    async with troupe.database.transaction() as tx:
        await tx.execute(
            "INSERT INTO consent_events (person_id, guild_id, scope, action, text_version, text_sha256, locale, "
            "happened_at) SELECT person_id, guild_id, scope, 'suspend', text_version, text_sha256, locale, happened_at "
            "FROM consent_events WHERE person_id = ? AND scope = 'share_with_client'",
            people[1],
        )
    renew_lists(troupe.database.path, troupe.home, NOW)
    assert not troupe.home.revoked.exists()
    renew_lists(troupe.database.path, troupe.home, LATER)
    assert find_revoked(shared, read_revoked(troupe.home.revoked)).speakers == {"spk_00000001"}


async def test_versions_from_before_sounds_were_remembered_are_known_by_their_clips(troupe: Troupe):
    people = [await troupe.add_person(*PERFORMER_SCOPES) for _ in range(2)]
    await play_evening(troupe, people, [])
    copy = export(troupe, "old")
    async with troupe.database.transaction() as tx:
        await tx.execute("DELETE FROM released_sounds")
    anna = find_in(troupe.home, "spk_00000001")
    assert anna is not None
    withdraw_for(troupe.home, anna, [Scope.RECORD], "a letter")
    clips = json.loads(str(await troupe.database.fetch_value("SELECT clips FROM releases")))
    expected = sorted({digits for clip, digits in clips.items() if "spk_00000001" in clip})
    assert read_revocations(troupe.home.revoked) == {str(copy.version): {"prefixes": expected}}
