"""What the consent form shows ticked: what is in force, and nothing that nobody has ticked."""

from __future__ import annotations

import json
from pathlib import Path

import discord

from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.ids import GuildId
from bot.ui.consent_form import consent_form
from tests.evening import GUILD, PERFORMERS, an_evening


async def test_only_what_was_given_is_ticked(tmp_path: Path):
    async with an_evening(tmp_path) as evening:
        assert ticked(consent_form(await evening.services.consents.stored(PERFORMERS[0], GUILD))) == 0
        await evening.everybody_consents()
        assert (
            ticked(consent_form(await evening.services.consents.stored(PERFORMERS[0], GUILD)))
            == len(TO_PERFORM | TO_RATE) + 1
        )
        assert ticked(consent_form(await evening.services.consents.stored(PERFORMERS[0], GuildId(GUILD + 1)))) == 0, (
            "nothing on another server"
        )


def ticked(form: discord.ui.Modal) -> int:
    return json.dumps(form.to_dict()).count('"default": true')
