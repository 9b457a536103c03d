"""Case clocks: every complaint has its deadlines, by grade, channel and department.

In the flow: case events and marks → :mod:`alerts.cases.fellow` keeps the open cases → :mod:`alerts.cases.machine`
says for one case what is met, near, overdue or to be escalated → notes of the ledger. Time passes with the marks.
"""
