"""Every English text that people read or hear in Discord, one module per screen. Pure: results in, words out.

A constant named `X_BUTTON` is what a button says; `docs/reference.md` describes each.
"""
