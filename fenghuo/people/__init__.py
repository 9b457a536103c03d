"""People of an installation: who they are, what they may do, and how they prove who they are."""
