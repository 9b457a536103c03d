"""The sentiment model that is shipped: weights of n-grams beside the lexicon, their training, and learning on top.

``grams`` turns a text into features, ``weights`` is the file, ``sentiment`` judges and explains, ``training`` makes the
file, ``online`` learns from corrections on top of it. ``docs/model-card.md`` tells what it was trained with and what it
can and can not do.
"""
