"""
What a change is compared with: which commit, its files, and what they come to.

    revision.find -> Revision -> files.check_out -> a directory -> the same survey by the same tools

The user's repository is only read: what has to be fetched goes into a store of our own beside it (`store.py`).
"""
