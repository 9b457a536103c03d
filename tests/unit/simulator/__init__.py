"""The simulator: reproducible, with the rhythm it claims, and its truth visible in its data."""
