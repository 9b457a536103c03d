"""Texts of the simulator's own making, Chinese and English, from clauses with slots, fillers and mistakes."""
