"""The month's sheet (月度调度): a row a project, one form, one save.

tabs.py names its series, filters.py what of it is shown, rows.py reads it, typed.py and judging.py say what a
form would change and what is wrong with it, saving.py writes it, pages.py shows it.
"""
