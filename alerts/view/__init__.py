"""The live view: incident events, the notification log, plan entries and standings, folded into what is shown.

Pure but for :class:`alerts.view.shelf.Shelf`, behind which the folded cards lie.
"""
