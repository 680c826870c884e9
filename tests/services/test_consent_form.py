"""What the consent form shows ticked: what is in force, and nothing that nobody has ticked."""

from __future__ import annotations

import json
from pathlib import Path

from evening import PERFORMERS, an_evening

from bot.ui.consent_form import consent_form


async def test_only_what_was_given_is_ticked(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        assert '"default": true' not in json.dumps((await consent_form(evening.desk, PERFORMERS[0])).to_dict())
        await evening.everybody_consents()
        assert json.dumps((await consent_form(evening.desk, PERFORMERS[0])).to_dict()).count('"default": true') >= 2
