"""The sound of an export: one take is one piece of work, which decodes each of its tracks once.

What runs in other processes imports no more than libsndfile, numpy and pydub, so that they stay small.
"""
