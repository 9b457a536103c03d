"""The ledger (台账): what people and rules did, in books with one writer each, chained by HMACs.

In the flow: the deciding stage's records → :mod:`alerts.ledger.notes` says which deserve an entry →
:mod:`alerts.ledger.chain` numbers and signs it → the recording stage keeps it (:mod:`alerts.ledger.store`) and
anchors the newest entry outside (:mod:`alerts.ledger.anchor`) → :mod:`alerts.ledger.verify` finds what was changed.
"""
