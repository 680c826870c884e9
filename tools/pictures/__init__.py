"""`make pictures`: screens of the bot as they look on a phone."""
