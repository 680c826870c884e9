"""Replays: what coordinators choose from, what the panel says, and what performers read on top of their cards."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.states import ReplayMode
from bot.services.scene.replays import ReplayDealt
from bot.store.records import Scene
from bot.ui.texts.words import mentions

REPLAY_BUTTONS: Mapping[ReplayMode, str] = {
    ReplayMode.EMOTIONS: "Other emotions",
    ReplayMode.GIBBERISH: "In gibberish",
    ReplayMode.LINE: "With one line",
}
REPLAY_QUESTION = (
    "The same people play this scene again, in the same roles. What is different? With **Other emotions**, everyone is "
    "dealt new ones. **In gibberish** and **With one line**, all feel what they felt, and only the words change."
)

_ASKED: Mapping[ReplayMode, str] = {
    ReplayMode.EMOTIONS: "Play it again, and let the new feeling change it. It need not go the same way.",
    ReplayMode.GIBBERISH: "Play it again in gibberish: make up the words, in no language that exists.",
}


def replay_text(scene: Scene) -> str:
    """What is different, for everyone in the channel: nothing of it is private. Empty for what is no replay."""
    if scene.replay_line:
        return f"Play it again. All that anyone says is this, as often as they like: “{scene.replay_line}”"
    return _ASKED.get(scene.replay_mode, "") if scene.replay_mode else ""


def replayed_text(dealt: ReplayDealt) -> str:
    """For the coordinator: what is played again, by whom, and how."""
    return (
        f"**Scene {dealt.scene.number}: {dealt.scene.prompt_title}** was dealt once more to "
        f"{mentions(dealt.discord_user_ids)}. They open **My card** again; then start the take.\n"
        f"{replay_text(dealt.scene)}"
    )
