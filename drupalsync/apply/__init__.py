"""Carry out a plan: lock, transaction, ledger, steps after the commit, verify; and the way back into the tree."""
