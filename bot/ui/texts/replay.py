"""Replays: what coordinators choose from, what the panel says, and what performers read on top of their cards."""

from __future__ import annotations

from collections.abc import Mapping

from bot.domain.states import ReplayMode
from bot.services.scene.replays import ReplayDealt
from bot.store.records import Scene
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import mentions

REPLAY_BUTTONS: Mapping[ReplayMode, str] = {
    ReplayMode.EMOTIONS: phrase("Other emotions"),
    ReplayMode.GIBBERISH: phrase("In gibberish"),
    ReplayMode.LINE: phrase("With one line"),
}
REPLAY_QUESTION = phrase(
    "The same people play this scene again, in the same roles. What is different? With **Other emotions**, everyone is "
    "dealt new ones. **In gibberish** and **With one line**, all feel what they felt, and only the words change."
)

_ASKED: Mapping[ReplayMode, str] = {
    ReplayMode.EMOTIONS: phrase("Play it again, and let the new feeling change it. It need not go the same way."),
    ReplayMode.GIBBERISH: phrase("Play it again in gibberish: make up the words, in no language that exists."),
}


def replay_text(scene: Scene) -> str:
    """What is different, for everyone in the channel: nothing of it is private. Empty for what is no replay."""
    if scene.replay_line:
        return say(
            "Play it again. All that anyone says is this, as often as they like: “{line}”", line=scene.replay_line
        )
    return say(_ASKED[mode]) if (mode := scene.replay_mode) and mode in _ASKED else ""


def replayed_text(dealt: ReplayDealt) -> str:
    """For the coordinator: what is played again, by whom, and how."""
    told = say(
        "**Scene {number}: {title}** was dealt once more to {who}. They open **My card** again; then start the take.",
        number=dealt.scene.number,
        title=dealt.scene.prompt_title,
        who=mentions(dealt.discord_user_ids),
    )
    return f"{told}\n{replay_text(dealt.scene)}"
