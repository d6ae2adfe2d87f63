"""
What comments and the scanners' own configuration hide: found by a second survey of the tree without them.

    words   -> which comments hide findings, and how to make them ineffective
    added   -> which of them the change adds
    view    -> a copy of the tree in which some have no effect
    hidden  -> the findings that this copy has and the tree lacks
"""
