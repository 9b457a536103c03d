"""Understanding texts: masking at the door, then language, sentiment, heat, category, stage and signature.

``mask`` belongs to intake, ``reader`` to counting; both are pure functions of text, key and lexicon.
"""
