"""What crosses packages: records, ports, series keys, topics, codec, errors, clock.

A leaf: everything may import it, it imports nothing of ours.
"""
