"""The consent form ticks what is in force, and nothing that the person has not ticked."""

from __future__ import annotations

import json

from bot.domain.consent import TO_PERFORM, TO_RATE
from bot.domain.ids import GuildId
from bot.ui.consent_form import consent_form
from tests.evening import GUILD, PERFORMERS, Evening


async def test_only_what_was_given_is_ticked(early_evening: Evening):
    assert await ticked(early_evening, GUILD) == 0
    await early_evening.everyone_consents()
    assert await ticked(early_evening, GUILD) == len(TO_PERFORM | TO_RATE) + 1
    assert await ticked(early_evening, GuildId(GUILD + 1)) == 0, "nothing is given on another server"


async def ticked(evening: Evening, guild_id: GuildId) -> int:
    """How many boxes a performer finds ticked on a server."""
    form = consent_form(await evening.services.consents.stored(PERFORMERS[0], guild_id))
    return json.dumps(form.to_dict()).count('"default": true')
