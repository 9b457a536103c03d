"""What people look at, and what it is drawn from: the series store and its schema, the recorder, the exports.

Last in the flow: rows and incident events come in by topic, the store keeps them for panels, console and reports.
"""
