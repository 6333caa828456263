"""The demonstration world: a deterministic simulator of a wealth platform's members, in plain Python.

The same number of members and the same day give the same files, byte for byte. Nothing here knows
Django or a database: `simulate.simulate` writes files of the import kinds, and the truth beside them.
"""
