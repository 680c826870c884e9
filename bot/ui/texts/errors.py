"""Every error as a sentence that tells a person what to do. A test walks the domain's errors: none may be missing."""

from __future__ import annotations

from bot.dataset.errors import ExportRefused
from bot.domain import errors
from bot.ui.texts.consent import SCOPE_LABELS
from bot.ui.texts.words import CHANGES, count, mentions, scale_name, shortened

_PLAIN: dict[type[errors.PromptbookError], str] = {
    errors.NoOpenSession: "No session is open here. A coordinator opens one with `/session start`.",
    errors.SessionEnded: "This session is over, so its buttons do nothing any more.",
    errors.NoVoiceChannel: "Join a voice channel first, or name one: `/session start channel:`.",
    errors.NoScene: "No scene has been dealt yet. A coordinator deals one with `/scene deal`.",
    errors.NothingToDeal: (
        "No prompt of this deck is left that everybody here plays. Choose another deck in `/settings`, "
        "or change who is in the channel."
    ),
    errors.SceneHasTakes: "This scene has been played, so its cards stay as they are. Go on with **Next scene**.",
    errors.NothingToRetake: "This scene has no take yet. Start its first one with **Start take** or `/take start`.",
    errors.NothingToStrike: "This scene has no take to strike.",
    errors.WishEmpty: (
        "Say what is to change: `emotion:`, `intensity:`, `character:` or `shift_to:`. "
        "What was dealt is shown to its performer only."
    ),
    errors.NotInChannel: "Join the session's voice channel first.",
    errors.NoCue: "No cue is waiting to be given: it was given already, or nobody's emotion shifts in this scene.",
    errors.SessionPaused: "The session is paused. Go on with **Resume** or `/session resume`.",
    errors.SessionNotPaused: "The session is not paused.",
    errors.NoteInvalid: "A note has 1 to 1,000 characters. Write a shorter one, or two.",
    errors.NoCard: "You are not on stage in this scene, so there is no card for you.",
    errors.TakeRunning: "A take is running. Cut it first with **Cut** or `/take cut`.",
    errors.SoundCheckRunning: "A sound check is running. Wait until it is over; that takes some seconds.",
    errors.SoundCheckStopped: "The sound check was stopped, so there is no result. Run it again when you go on.",
    errors.ShiftToItself: "That would shift to what is played before the cue, so nothing is changed. Choose another.",
    errors.NoTakeRunning: "No take is running at the moment.",
    errors.NothingToRate: "There is nothing for you to rate right now. Come back after the next take.",
    errors.SelfRatingAsPeer: "This is your own turn; only others can rate it as peers.",
    errors.SelfRatingOfAnother: "This turn is not yours, so you cannot say what was felt in it.",
    errors.AlreadyRated: "You have rated this clip already; your first answer counts.",
    errors.NoSuchTurn: "This clip is not up for rating any more.",
    errors.NotACoordinator: "Only coordinators can do this: ask someone with the coordinator role or Manage Server.",
    errors.OutsideServer: "Promptbook works in a server, not in direct messages. Use this command there.",
}


OLD_FORM = "This form is of an older version of me. Please open it again."


def defect_text(code: str) -> str:
    """What to tell a person who ran into what they cannot mend; the code finds it in the log."""
    return f"Something went wrong on my side, and it is logged under `{code}`. What was recorded is kept."


def sentence_of(error: errors.PromptbookError) -> str:
    """What to tell the person who ran into an error."""
    if isinstance(error, ExportRefused):
        return str(error)
    plain = _PLAIN.get(type(error))
    return plain if plain is not None else _told_with_facts(error)


def _told_with_facts(error: errors.PromptbookError) -> str:
    match error:
        case errors.ConsentMissing(scope):
            return f"This needs your consent to “{SCOPE_LABELS[scope]}”. Give it with `/consent`."
        case errors.ConsentIncomplete():
            return "Nothing was given: only people aged 18 or over can consent. If you are, tick the box: `/consent`."
        case errors.SessionAlreadyOpen(channel):
            return f"A session is already open in <#{channel}>. End it first with `/session end`."
        case errors.VoiceUnreachable(channel):
            return f"I could not join <#{channel}>. Check that it is not full or locked, then try again."
        case errors.PermissionMissing(channel, permissions):
            names = ", ".join(name.replace("_", " ").title() for name in permissions)
            return f"I lack permissions in <#{channel}>: {names}. Ask someone with Manage Server to allow them."
        case errors.TooFewPerformers(present, needed):
            return (
                f"Too few performers: {present} in the channel can be recorded, {needed} are needed. "
                "Whoever wants to play joins the channel and consents with `/consent`."
            )
        case errors.PromptUnknown(prompt):
            named = shortened(prompt, 100)
            return f"There is no prompt “{named}” in this session's deck. Choose one of those shown as you type."
        case errors.CharacterUnknown(character):
            return f"There is no character “{shortened(character, 100)}”. Choose one of those shown as you type."
        case errors.CharacterTaken(character):
            return f"Somebody else on stage has the voice of “{shortened(character, 100)}”. Choose another character."
        case errors.NotOnStage(user):
            return f"<@{user}> is not on stage in this scene."
        case errors.CueUndelivered(users, told):
            others = f" {count(told, 'other performer')} told." if told else ""
            return (
                f"{mentions(users)} could not be told: no card opened within the last 15 minutes, and no direct "
                f"messages taken. Ask them to press **My card**, then give the cue again.{others}"
            )
        case errors.SessionChanged(kind):
            return (
                f"Meanwhile {CHANGES.get(kind, 'something else happened')}, so nothing was done. "
                "Look at the panel again, and press once more if you still want to."
            )
        case errors.RecordingImpossible(problem):
            return f"Nothing was recorded: the bot cannot write to its home folder ({problem})."
        case _:
            return _told_about_data(error)


def _told_about_data(error: errors.PromptbookError) -> str:
    match error:
        case errors.AnswerInvalid(item, answer, allowed):
            return f"“{answer}” is no answer for {scale_name(item)}: it takes {allowed}."
        case errors.EmotionUnknown(emotion, known):
            there = shortened(", ".join(known), 1500)
            return f"“{shortened(emotion, 100)}” is not in this session's emotion set. Known are: {there}."
        case errors.DataFileInvalid(file, line, problem):
            return f"`{shortened(file, 100)}`, line {line}: {shortened(problem, 1500)}."
        case errors.DataFileUnknown(kind, name, known):
            there = f"Known are: {shortened(', '.join(known), 1500)}" if known else "There is nothing in it yet"
            return f"There is no “{shortened(name, 100)}” in `{kind}`. {there}."
        case errors.DeckInUse(name):
            return f"The open session deals from “{name}”. End it first with `/session end`, then forget the deck."
        case errors.SessionUnknown(number):
            return f"There is no session {number} here." if number else "There is no session here yet."
        case _:
            raise NotImplementedError(f"{type(error).__name__} has no sentence.")
