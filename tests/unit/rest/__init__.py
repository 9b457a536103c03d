"""The REST API over a log, a view and a deciding worker in memory."""
