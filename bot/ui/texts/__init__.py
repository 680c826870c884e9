"""Every English text that people read or hear in Discord, a module a screen. Pure: results in, words out."""
