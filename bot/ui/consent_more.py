"""What comes after the consent form: the questions about a replica, and consent to what was recorded before."""

from __future__ import annotations

from datetime import timedelta

import discord

from bot.domain.consent_terms import Representation, Scope, Terms
from bot.domain.ids import GuildId
from bot.live.ports import timestamp
from bot.services.consent.consent_requests import ConsentOutcome
from bot.ui.answers import show_form, tell, wait_please
from bot.ui.custom_ids import (
    COVER_EARLIER,
    COVER_EARLIER_OF,
    REPLICA,
    REPLICA_FORM,
    REPLICA_FORM_OF,
    REPLICA_OF,
    CustomId,
    Numbers,
    OfServer,
)
from bot.ui.form_values import FormValues
from bot.ui.press import Press
from bot.ui.receipts import send_receipt_soon
from bot.ui.texts import consent as texts
from bot.ui.texts.language import say

TERMS_DAYS = (90, 180, 365, 730)
"""How long a consent to a replica can last."""

LONGEST_USES = 1000


def view_after(press: Press, outcome: ConsentOutcome) -> discord.ui.View | None:
    """What can be pressed below the answer to a form; None if there is nothing more to ask."""
    view = discord.ui.View(timeout=None)
    if Scope.VOICE_CLONE_REPLICA in outcome.lacks and outcome.refusal is None:
        view.add_item(_button(press, say(texts.REPLICA_BUTTON), REPLICA, REPLICA_OF))
    if outcome.earlier:
        view.add_item(_button(press, say(texts.EARLIER_BUTTON), COVER_EARLIER, COVER_EARLIER_OF))
    return view if view.children else None


def _button(
    press: Press, label: str, here: CustomId[Numbers], of_server: CustomId[OfServer]
) -> discord.ui.Button[discord.ui.View]:
    return discord.ui.Button(label=label, custom_id=_id(press, here, of_server))


def _id(press: Press, here: CustomId[Numbers], of_server: CustomId[OfServer]) -> str:
    """The custom id of what is about the press's server: in direct messages, the id says which one that is."""
    is_direct = press.interaction.guild_id is None
    return of_server.build(OfServer(GuildId(press.guild_id))) if is_direct else here.build(Numbers())


async def cover_earlier(press: Press) -> None:
    """Give what is in force for what was recorded before the person withdrew, too."""
    await wait_please(press.interaction)
    changed = await press.services.consent_requests.cover_earlier(press.guild_id, press.user_id)
    await tell(press.interaction, texts.covered_text(changed))
    send_receipt_soon(press)


async def ask_about_replica(press: Press) -> None:
    """Open the form without which no one can consent to a replica of their voice."""
    form = discord.ui.Modal(title=say(texts.REPLICA_TITLE), custom_id=_id(press, REPLICA_FORM, REPLICA_FORM_OF))
    uses = discord.ui.TextInput[discord.ui.Modal](
        custom_id="uses", style=discord.TextStyle.paragraph, min_length=20, max_length=LONGEST_USES
    )
    form.add_item(
        discord.ui.Label(text=say(texts.REPLICA_USES), description=say(texts.REPLICA_USES_EXPLAINED), component=uses)
    )
    term = discord.ui.Select[discord.ui.Modal](
        custom_id="days",
        placeholder=say(texts.CHOOSE_ONE),
        options=[discord.SelectOption(label=texts.days_text(days), value=str(days)) for days in TERMS_DAYS],
    )
    form.add_item(discord.ui.Label(text=say(texts.REPLICA_TERM), component=term))
    advice = discord.ui.Select[discord.ui.Modal](
        custom_id="represented_by",
        placeholder=say(texts.CHOOSE_ONE),
        options=[discord.SelectOption(label=say(texts.ADVICE[one]), value=one.value) for one in Representation],
    )
    form.add_item(
        discord.ui.Label(
            text=say(texts.REPLICA_ADVICE), description=say(texts.REPLICA_ADVICE_EXPLAINED), component=advice
        )
    )
    await show_form(press.interaction, form)


async def submit_replica(press: Press, values: FormValues, _: Numbers) -> None:
    """Store the consent to a replica, as it was described."""
    await wait_please(press.interaction)
    ends_at = timestamp(press.services.clock.wall() + timedelta(days=int(values.one("days"))))
    terms = Terms((), ends_at, values.one("uses").strip(), Representation(values.one("represented_by")))
    changed = await press.services.consent_requests.grant_with_terms(
        press.guild_id, press.user_id, Scope.VOICE_CLONE_REPLICA, terms
    )
    await tell(press.interaction, texts.replica_text(terms) if changed else say(texts.REPLICA_NEEDS_MORE))
    send_receipt_soon(press)
