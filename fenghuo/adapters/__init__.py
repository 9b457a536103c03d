"""fenghuo.adapters."""
