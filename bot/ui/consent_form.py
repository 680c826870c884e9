"""The consent form: purposes to tick one by one, and being of age."""

from __future__ import annotations

import asyncio

import discord

from bot.domain.consent import TO_PERFORM, TO_RATE, Scope
from bot.services.consents import ConsentWish, ask_now, changes_of
from bot.services.desk import Desk
from bot.store.consents import consents_of
from bot.ui.answers import tell, wait_please
from bot.ui.custom_ids import CHOOSE_CONSENT, CONSENT_FORM
from bot.ui.form_values import FormValues
from bot.ui.people import guild_of
from bot.ui.texts import consent as texts

PATIENCE_SECONDS = 5.0

_TAKING_PART = [scope for scope in Scope if scope in TO_PERFORM | TO_RATE]
_USES = [scope for scope in Scope if scope not in TO_PERFORM | TO_RATE]


def consent_view() -> discord.ui.View:
    """What stands below the text: one button, which lives as long as the message."""
    view = discord.ui.View(timeout=None)
    view.add_item(
        discord.ui.Button(
            label=texts.CHOOSE_BUTTON, style=discord.ButtonStyle.primary, custom_id=CHOOSE_CONSENT.build()
        )
    )
    return view


async def consent_form(desk: Desk, guild_id: int, discord_user_id: int) -> discord.ui.Modal:
    """The form as one person finds it: ticked is what is in force, and for newcomers nothing.

    Consent is an act; a box that somebody else has ticked is none (GDPR, recital 32).
    """
    consented = await consents_of(desk.database, discord_user_id, guild_id)
    ticked = consented.here
    form = discord.ui.Modal(title=texts.FORM_TITLE, custom_id=CONSENT_FORM.build())
    form.add_item(discord.ui.Label(text=texts.TAKING_PART, component=_boxes("taking_part", _TAKING_PART, ticked)))
    form.add_item(
        discord.ui.Label(
            text=texts.USES,
            description=texts.USES_EXPLAINED,
            component=_boxes("uses", _USES, ticked),
        )
    )
    adult = discord.ui.Checkbox[discord.ui.Modal](custom_id="adult", default=bool(ticked))
    form.add_item(discord.ui.Label(text=texts.ADULT, component=adult))
    everywhere = discord.ui.Checkbox[discord.ui.Modal](custom_id="everywhere", default=bool(consented.everywhere))
    form.add_item(discord.ui.Label(text=texts.EVERYWHERE, description=texts.EVERYWHERE_EXPLAINED, component=everywhere))
    return form


async def submit_consent(desk: Desk, interaction: discord.Interaction, values: FormValues) -> None:
    """Keep what is ticked and say what that means. Unticking is withdrawing."""
    wanted = frozenset(Scope(value) for value in (*values.many("taking_part"), *values.many("uses")))
    wish = ConsentWish(wanted, values.ticked("adult"), values.ticked("everywhere"))
    # What is taken back counts from here on, before Discord or the store hears of it.
    promise = ask_now(desk, guild_of(interaction), interaction.user.id, wish)
    await wait_please(interaction)
    await asyncio.wait({promise.kept}, timeout=PATIENCE_SECONDS)
    if promise.kept.done():
        await tell(interaction, texts.outcome_text(wish.wanted, changes_of(promise.kept.result())))
    else:
        await tell(interaction, texts.not_stored_text(wish.wanted))


def _boxes(custom_id: str, scopes: list[Scope], ticked: frozenset[Scope]) -> discord.ui.CheckboxGroup[discord.ui.Modal]:
    return discord.ui.CheckboxGroup(
        custom_id=custom_id,
        required=False,
        min_values=0,
        max_values=len(scopes),
        options=[
            discord.CheckboxGroupOption(label=texts.SCOPE_LABELS[scope], value=scope.value, default=scope in ticked)
            for scope in scopes
        ],
    )
