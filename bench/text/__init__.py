"""Benchmarks of reading texts: one module a part; a module whose name begins with ``_`` is none."""
