"""An evening from its opening to its end: the bot's place in the channel, pauses, and who comes and goes."""
