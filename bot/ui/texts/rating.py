"""Rating: the text beside a clip, and the words of its form. The questions are the instrument's own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.domain.emotions import Emotion
from bot.domain.families import Family
from bot.domain.ids import UserId
from bot.services.rating.ratings import Clip
from bot.ui.texts.language import phrase, say
from bot.ui.texts.words import shortened

PEER_BUTTON = phrase("Rate this clip")
SELF_BUTTON = phrase("Say what I felt")
PEER_TITLE = phrase("What you hear")
SELF_TITLE = phrase("What you felt")
CHOOSE_ONE = phrase("Choose one")
SOMETHING_ELSE = phrase("Something else")
CANNOT_JUDGE_BUTTON = phrase("I cannot judge this")
BAD_SOUND_BUTTON = phrase("The sound is bad")
ENTERED_IS_KEPT = phrase("What you entered is kept until the bot restarts: press the button below the clip to go on.")

SAME_BUTTON = phrase("Same character")
OTHER_BUTTON = phrase("Not the same")
PAIR = phrase(
    "**Listen to both clips. Do you hear the same character?** Judge the voice, not the mood or the words. Your press "
    "is the answer, and the next clip follows."
)
TAKE_A_BREAK = phrase("Ears tire: if you like, take a break of some minutes now. The clips wait for you.")

FAMILY_WORDS: Mapping[Family, str] = {
    Family.JOY: phrase("joy"),
    Family.AFFECTION: phrase("affection"),
    Family.DESIRE: phrase("desire"),
    Family.INTEREST: phrase("interest"),
    Family.CALM: phrase("calm"),
    Family.SURPRISE: phrase("surprise"),
    Family.FEAR: phrase("fear"),
    Family.ANGER: phrase("anger"),
    Family.DISGUST: phrase("disgust"),
    Family.SADNESS: phrase("sadness"),
    Family.SHAME: phrase("shame"),
    Family.NEUTRAL: phrase("neutral"),
}
"""What a family is called on a button."""

LAST_CLIP_RATED = phrase("Thank you, that was the last clip for now.")


def bad_sound_text(performer_user_id: UserId, scene: int, take: int) -> str:
    """For the coordinator: raters hear bad sound in a clip. It says whose, because a microphone has to be fixed."""
    return say(
        "Raters say that the sound of {performer} is bad in a clip of scene {scene}, take {take}. Check their "
        "microphone with `/session soundcheck` before the next take.",
        performer=f"<@{performer_user_id}>",
        scene=scene,
        take=take,
    )


def clip_text(clip: Clip, parts: Sequence[Sequence[Emotion]]) -> str:
    """What to do with a clip, how many are left, and all words of a set that is offered in parts."""
    if clip.remaining == 1:
        left = say("This is the last one.")
    else:
        left = say("{number} clips left, including this one.", number=clip.remaining)
    if clip.is_own:
        asked = say("**Your own turn.** Listen, then say what you felt while playing it.")
    else:
        asked = say("**Listen, then rate.** Judge what you hear, not what you think was meant.")
    pause = f"{say(TAKE_A_BREAK)} " if clip.break_is_due else ""
    return f"{pause}{asked} {left}{words_text(parts)}"


def words_text(parts: Sequence[Sequence[Emotion]]) -> str:
    """All words of a set in parts, so that raters read them before they choose; empty for a set in one part."""
    if len(parts) == 1:
        return ""
    lines = [f"**{part_label(part)}:** {', '.join(emotion.label for emotion in part)}" for part in parts]
    words = shortened("\n".join(lines), 1500)
    press = say("Press the button that has your word. Each also offers “{other}”.", other=say(SOMETHING_ELSE))
    return f"\n{words}\n{press}"


def part_label(part: Sequence[Emotion]) -> str:
    """What a button for a part says: its families, or its first and last word. A button holds 80 characters."""
    families = [family for family in Family if family in {one.family for one in part}]
    if len(families) > 1 and all(one.family for one in part):
        return shortened(", ".join(say(FAMILY_WORDS[family]) for family in families).capitalize(), 80)
    return f"{shortened(part[0].label, 38)} – {shortened(part[-1].label, 38)}"
