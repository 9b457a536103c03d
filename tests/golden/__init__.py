"""tests.golden."""
