"""How is the whole desk carried away while it works, and brought back?

A backup is a folder: a file for each table, as PostgreSQL's COPY gives it in its binary format, and
`backup.json`, which says what there is. The keys of the vault lie apart from its papers, in a
folder of their own.
"""
