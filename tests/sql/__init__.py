"""SQL tests as data: a folder per case with ``query.sql`` and ``expected.yaml`` over the small lake that ``world.yaml`` describes.

A case with an ``input.yaml`` of its own is asked of that instead. A new test is two data files, no code.
"""
