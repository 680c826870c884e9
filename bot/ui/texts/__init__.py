"""Every English text that people read or hear in Discord, a module a screen. Pure: results in, words out.

A constant named `X_BUTTON` is what a button says; `docs/reference.md` tells of each.
"""
