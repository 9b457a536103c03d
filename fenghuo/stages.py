"""The stages of a worker, in order of flow."""

STAGES = ("learn", "count", "detect", "decide", "notify", "record", "view")
