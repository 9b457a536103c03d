"""The console: what those who act look at. Server-rendered pages over the series store and the live view.

It decides nothing: what people press becomes a command in the log, and the page shows what the log made of it.
"""
