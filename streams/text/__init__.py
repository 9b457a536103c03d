"""streams.text."""
