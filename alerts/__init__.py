"""Deciding and telling: signals and marks become incidents, incidents become messages.

In the flow: ``decide.in`` (signals, marks, commands) → :class:`alerts.decide.DecideCore` → ``incidents`` →
:class:`alerts.notify.notifier.Notifier`. All but ``alerts.notify`` is pure.
"""
