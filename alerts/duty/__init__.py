"""Who is on duty when, and who is paged next: rotas, swaps, calendars, escalation. Pure."""
