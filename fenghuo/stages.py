"""The stages of a worker, in order of flow."""

STAGES = ("count", "detect", "decide", "notify", "record", "view")
