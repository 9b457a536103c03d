"""The series store, three times: in memory, in one SQLite file, in InfluxDB. All pass one test class.

:func:`dashboards.store.opened.open_store` picks one by the settings.
"""
