"""Comparing methods: tables as data, their runs, and what is written of them.

A table (`tables.Table`) says which runs it is made of and which figures it shows; those of the
papers are in `presets`. `plan` turns one into runs, `check` refuses what can't be run before
anything runs, `runner` runs them, each in a process of its own (`work`), and `writers` and
`pictures` write what they found.
"""
