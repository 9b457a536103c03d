"""The REST API: what people and programs read and do over HTTP, under ``/v1``.

Reads come from the live view and from the deciding state behind it; each write becomes one command in the log, so that
it stands in the ledger. Nothing here talks to a server: :class:`alerts.rest.office.Office` carries what was handed in.
"""
