"""tests.acceptance."""
