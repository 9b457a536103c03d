"""Grafana dashboards as code: five of them, in Chinese and English, over the schema that the recorder writes.

``query`` writes InfluxQL from names of :mod:`dashboards.schema`, ``panels`` draws with panel types that a plain Grafana
9.4 has, one module a dashboard puts them together, ``build`` makes the JSON, ``deploy`` puts it in place.
"""
