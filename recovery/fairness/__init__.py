"""Were complaints of one group treated like those of another? Statistics on counted tables.

Nothing here knows a database or a complaint: it is given counts by group and stratum, and says
what can be said of them, with its uncertainty, or why nothing can. Each method has a module, with
its source; the reckoning is that of SciPy and statsmodels.
"""

METHOD = 3
"""Raised when the same counts would give another answer."""
ALPHA = 0.05
