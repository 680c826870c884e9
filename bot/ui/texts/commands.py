"""Slash commands as Discord lists them. Their names are in the cogs; a description has at most 100 characters.

`X_PARAMETERS` are the descriptions of what the command X can be given, by the names of its parameters.
"""

from __future__ import annotations

from collections.abc import Mapping

CARD = "See your part in the current scene; nobody else can"
CONSENT = "Read what taking part means, and choose what you consent to"
LINES = "Choose topics you will not play; nobody else sees them"
RATE = "Listen to the next clip and rate it"
SETTINGS = "See and change this server's settings: deck, emotions, scene length, cues ..."

EXPORT = "Export a dataset: clips, tracks, ratings, with pseudonyms only"
EXPORT_PARAMETERS: Mapping[str, str] = {
    "session": "The session's number; all of this server's sessions if you name none",
}

DECK = "Decks that scenes are dealt from"
DECK_IMPORT = "Bring a deck along; one of the same name is replaced"
DECK_IMPORT_PARAMETERS: Mapping[str, str] = {"file": "A deck as a .toml file; its name becomes the deck's"}
DECK_LIST = "See which decks there are"
DECK_PREVIEW = "See a deck's titles and topics, without the roles"
DECK_PREVIEW_PARAMETERS: Mapping[str, str] = {"name": "The deck's name"}
DECK_FORGET = "Take away a deck that was imported on this server"
DECK_FORGET_PARAMETERS: Mapping[str, str] = {"name": "The deck's name"}

SCENE = "Deal scenes, change parts, stop"
SCENE_DEAL = "Deal the next scene to the performers in the channel"
SCENE_DEAL_PARAMETERS: Mapping[str, str] = {
    "prompt": "A prompt of your own choice; the casting design chooses if you name none",
}
SCENE_NEXT = "Go on: end this scene and deal the next one"
SCENE_REDEAL = "Deal the current scene anew, as long as it was not played"
SCENE_REDEAL_PARAMETERS = SCENE_DEAL_PARAMETERS
SCENE_PART = "Change one performer's part before the scene is played; this is logged"
SCENE_PART_PARAMETERS: Mapping[str, str] = {
    "performer": "Whose part",
    "emotion": "The target emotion",
    "intensity": "How strong: 1 a trace, 2 clearly, 3 overwhelmingly",
    "character": "The character whose voice they hold",
    "shift_to": "The emotion to shift to at a cue",
}
SCENE_STOP = "X-card: stop the scene at once. No reason asked, nobody is told who"

SESSION = "Open, pause and end a session"
SESSION_START = "Open a session: join the voice channel and post the control panel"
SESSION_START_PARAMETERS: Mapping[str, str] = {
    "channel": "The voice channel; yours if you name none",
    "deck": "Where prompts come from",
    "emotions": "The emotion set to deal from",
    "seed": "A number that makes the dealing reproducible",
}
SESSION_SOUNDCHECK = "Sound check: listen to everybody for some seconds, and say how each sounds"
SESSION_SOUNDCHECK_PARAMETERS: Mapping[str, str] = {"seconds": "How long to listen; 8 if you name none"}
SESSION_PAUSE = "Pause the session: nothing is dealt or recorded, a running take waits"
SESSION_RESUME = "Let a paused session go on"
SESSION_NOTE = "Write a note, kept with the moment in the running take"
SESSION_NOTE_PARAMETERS: Mapping[str, str] = {"text": "What you noticed"}
SESSION_NOTES = "Read the notes of this session; only you see them"
SESSION_END = "End the session: cut, close, leave, and sum up"

TAKE = "Record takes"
TAKE_START = "Start a take: countdown, then one track for each performer"
TAKE_CUE = "Give the cue: whoever's emotion shifts in this scene is told now, privately"
TAKE_CUT = "Cut the take that is running, and keep it"
TAKE_RETAKE = "Play the scene once more; earlier takes are kept"
TAKE_STRIKE = "Leave the last take out of the dataset, or take that back"
