"""What identifies a person in a text, one module a family; :mod:`streams.text.mask` puts them together.

Every finder takes a text in plain characters (``plain`` below) in which what was found before is blanked out by
:data:`~streams.text.private.kinds.GONE`, and yields places with their canonical value. A finder may not match GONE and
treats it as a letter where it asks for a border: blanking never makes a new match.
"""
