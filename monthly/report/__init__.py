"""The monthly report (月报): one content, built from the books of a month, written as Word, Excel and PDF."""
