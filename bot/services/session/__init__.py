"""An evening from its opening to its end: the bot's place in the channel, pauses, who comes and goes."""
