"""Response plans (应急预案): who does what by when once something has gone wrong.

In the flow: ``config/plans/*.yaml`` → :mod:`alerts.plans.settings`, checked by :mod:`alerts.plans.lint` →
:mod:`alerts.plans.machine` runs one plan, pure → :mod:`alerts.plans.fellow` starts and steps runs behind deciding →
each step becomes an entry of the ledger → :mod:`alerts.plans.report` writes what happened from those entries.
"""
