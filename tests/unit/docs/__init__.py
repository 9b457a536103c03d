"""The documentation: current, complete, and pointing at things that exist."""
