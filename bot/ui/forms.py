"""Forms that were sent: like buttons, each is found by its custom id and needs nothing in memory."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Generic

import discord

from bot.services.assembly import Services
from bot.ui import actions, consent_more, operator_forms
from bot.ui.answers import answering, tell
from bot.ui.consent_form import submit_consent
from bot.ui.custom_ids import (
    CONSENT_FORM,
    CONSENT_FORM_OF,
    LAW_FORM,
    LIMITS_FORM,
    NOTE_FORM,
    OLD_CLIP_FORMS,
    OPERATOR_FORM,
    PEER_FORM,
    REPLICA_FORM,
    REPLICA_FORM_OF,
    SELF_FORM,
    SUGGESTION_FORM,
    CustomId,
    N,
)
from bot.ui.form_values import FormValues, values_of
from bot.ui.limits_form import submit_limits
from bot.ui.press import OwnPress, Press
from bot.ui.rating_form import refuse_old_form, submit_peer_rating, submit_self_rating
from bot.ui.suggestion_form import submit_suggestion
from bot.ui.texts.errors import OLD_FORM
from bot.ui.texts.language import say


@dataclass(frozen=True, slots=True)
class _Submission(Generic[N]):
    """What to do with a sent form of one kind, and whether it must come from a server."""

    form_id: CustomId[N]
    submit: Callable[[Any, FormValues, N], Awaitable[None]]
    press: type[OwnPress] = Press

    async def take(self, services: Services, interaction: discord.Interaction, custom_id: str) -> bool:
        """Do it if the form is of this kind; returns whether it was."""
        numbers = self.form_id.read(custom_id)
        if numbers is None:
            return False
        await self.submit(self.press.of(services, interaction, numbers), values_of(interaction), numbers)
        return True


_SUBMISSIONS = (
    _Submission(CONSENT_FORM, submit_consent),
    _Submission(CONSENT_FORM_OF, submit_consent),
    _Submission(REPLICA_FORM, consent_more.submit_replica),
    _Submission(REPLICA_FORM_OF, consent_more.submit_replica),
    _Submission(OPERATOR_FORM, operator_forms.submit_who),
    _Submission(LAW_FORM, operator_forms.submit_law),
    _Submission(LIMITS_FORM, submit_limits, OwnPress),
    _Submission(NOTE_FORM, actions.submit_note),
    _Submission(SUGGESTION_FORM, submit_suggestion),
    _Submission(PEER_FORM, submit_peer_rating),
    _Submission(SELF_FORM, submit_self_rating),
    *(_Submission(old, refuse_old_form) for old in OLD_CLIP_FORMS),
)


async def take_form(services: Services, interaction: discord.Interaction) -> None:
    """Do what a sent form asks for, and tell the person who sent it about errors."""
    data: Any = interaction.data
    async with answering(interaction):
        for submission in _SUBMISSIONS:
            if await submission.take(services, interaction, str(data["custom_id"])):
                return
        await tell(interaction, say(OLD_FORM))
