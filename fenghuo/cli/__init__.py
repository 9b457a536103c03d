"""fenghuo.cli."""
