"""fenghuo."""
