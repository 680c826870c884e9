"""Interactions: created by people's actions, answered once within 3 seconds, followed up for 15 minutes.

Rules: Discord's documentation, "Interactions" > "Receiving and Responding".
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable
from typing import Any, Final, Protocol

from bot.embedded import errors
from bot.embedded.guild import message_payloads, payloads
from bot.embedded.guild.permissions import bits_sent, channel_permissions
from bot.embedded.guild.records import Message
from bot.embedded.guild.state import State
from bot.embedded.interactions.interaction import AnswerKind, Interaction, InteractionKind
from bot.embedded.journal import Journal

ANSWER_DEADLINE_S: Final = 3.0
TOKEN_LIFETIME_S: Final = 900.0


class Audience(Protocol):
    """The recipients of news about interactions: the bot of new ones, the person of their outcome."""

    def dispatch_interaction(self, interaction: Interaction, payload: dict[str, Any]) -> None:
        """Send INTERACTION_CREATE to the bot."""
        ...

    def interaction_failed(self, interaction: Interaction) -> None:
        """Tell the person that the application did not respond."""
        ...


class Interactions:
    """All interactions of this run, by id."""

    def __init__(
        self,
        state: State,
        journal: Journal,
        audience: Audience,
        base_url: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._state = state
        self._journal = journal
        self._audience = audience
        self._base_url = base_url
        self._clock = clock
        self._by_id: dict[int, Interaction] = {}
        self._by_token: dict[str, Interaction] = {}
        self._deadlines: set[asyncio.TimerHandle] = set()

    def create(
        self,
        kind: InteractionKind,
        user_id: int,
        channel_id: int,
        data: dict[str, Any],
        message: Message | None = None,
        modal: dict[str, Any] | None = None,
    ) -> Interaction:
        """Send a person's action to the bot and start its 3 seconds."""
        token = secrets.token_urlsafe(96)
        interaction = Interaction(
            self._state.new_id(), token, kind, user_id, channel_id, data, message, self._clock(), modal
        )
        self._by_id[interaction.interaction_id] = self._by_token[token] = interaction
        self._journal.write(
            "interaction_created",
            interaction_id=interaction.interaction_id,
            type=kind.name.lower(),
            user_id=user_id,
            channel_id=channel_id,
            message_id=message.message_id if message else None,
            data=data,
        )
        handle = asyncio.get_running_loop().call_later(ANSWER_DEADLINE_S, self._expire, interaction)
        self._deadlines = {each for each in self._deadlines if not each.cancelled()} | {handle}
        self._audience.dispatch_interaction(interaction, self._payload(interaction))
        return interaction

    def for_answer(self, interaction_id: int, token: str) -> Interaction:
        """Return the interaction of a first answer. Refused if it is unknown, late or answered already."""
        interaction = self._by_id.get(interaction_id)
        if interaction is None or interaction.token != token:
            raise errors.unknown_interaction()
        if interaction.answer is not None:
            raise errors.already_acknowledged()
        if self._clock() - interaction.created_s > ANSWER_DEADLINE_S:
            raise errors.unknown_interaction()
        return interaction

    def for_follow_up(self, token: str) -> Interaction:
        """Return the interaction of a webhook's token. Refused if unknown, unanswered or older than 15 minutes."""
        interaction = self._by_token.get(token)
        if interaction is None or interaction.answer is None:
            raise errors.unknown_webhook()
        if self._clock() - interaction.created_s > TOKEN_LIFETIME_S:
            raise errors.expired_token()
        return interaction

    def settle(self, interaction: Interaction, answer: AnswerKind) -> None:
        """Record the first answer."""
        interaction.answer = answer
        self._journal.write(
            "interaction_answered",
            interaction_id=interaction.interaction_id,
            answer=answer.name.lower(),
            user_id=interaction.user_id,
            original_id=interaction.original_id,
            ms=round((self._clock() - interaction.created_s) * 1_000, 1),
        )

    def close(self) -> None:
        """Cancel all deadlines."""
        for handle in self._deadlines:
            handle.cancel()

    def _expire(self, interaction: Interaction) -> None:
        if interaction.answer is None:
            self._journal.write(
                "interaction_failed", interaction_id=interaction.interaction_id, user_id=interaction.user_id
            )
            self._audience.interaction_failed(interaction)

    def _payload(self, interaction: Interaction) -> dict[str, Any]:
        state, world = self._state, self._state.world
        user_id, channel_id = interaction.user_id, interaction.channel_id
        channel = state.channels.get(channel_id)
        data: dict[str, Any] = {
            "id": str(interaction.interaction_id),
            "application_id": str(world.bot.application_id),
            "type": int(interaction.kind),
            "token": interaction.token,
            "version": 1,
            "data": interaction.data,
            "channel_id": str(channel_id),
            "channel": payloads.interaction_channel(state, channel_id, user_id),
            "app_permissions": bits_sent(channel_permissions(world, channel, world.bot.user_id) if channel else 0),
            "locale": "en-US",
            "entitlements": [],
            "authorizing_integration_owners": {"0": str(world.guild_id if channel else 0)},
            "context": 0 if channel else 1,
            "attachment_size_limit": world.interaction_upload_bytes,
        }
        if interaction.message is not None:
            data["message"] = message_payloads.message(state, interaction.message, self._base_url)
        if channel is None:
            return data | {"user": payloads.user(state, user_id)}
        member = payloads.member(state, user_id)
        member["permissions"] = bits_sent(channel_permissions(world, channel, user_id))
        guild = {"id": str(world.guild_id), "locale": "en-US", "features": []}
        return data | {
            "guild_id": guild["id"],
            "guild": guild,
            "guild_locale": "en-US",
            "member": member,
        }
