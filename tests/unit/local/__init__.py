"""tests.unit.local: the local stack without its servers."""
