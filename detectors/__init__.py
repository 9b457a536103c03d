"""Notices when volume, sentiment or sources of a brand go wrong.

Every detector follows one protocol (``score_one(bucket) -> Score``, then ``learn_one(bucket)``, see
``detectors.protocol``); ``detectors.brand`` runs all of them for one brand, pane by pane. Scores are about 1 at
the detector's own limit and grow from there; what a score means for people is decided elsewhere.
"""
