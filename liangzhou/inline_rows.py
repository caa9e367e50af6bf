"""The rows of an inline as they were posted: read, mended, and written back before Django sees them."""

import re
from dataclasses import dataclass, field

from django.forms.formsets import INITIAL_FORM_COUNT, TOTAL_FORM_COUNT, ManagementForm


@dataclass
class Row:
    """One posted row. `index` is its place in the posted form; None for a row that is added here."""

    pk: str = ""
    index: int | None = None
    values: dict[str, list[str]] = field(default_factory=dict)


class InlineRows:
    """The rows of one inline: those that claim to exist (`kept`) and those that are new (`added`)."""

    def __init__(self, formset_class, data):
        self.prefix = formset_class.get_default_prefix()
        self.pk_name = formset_class.model._meta.pk.name
        self.link_names = {self.pk_name, getattr(getattr(formset_class, "fk", None), "name", "")}
        self._pattern = re.compile(rf"^{re.escape(self.prefix)}-(\d{{1,4}})-(.+)$", re.ASCII)
        management = ManagementForm(data, prefix=self.prefix)
        self.readable = management.is_valid()
        counts = management.cleaned_data if self.readable else {TOTAL_FORM_COUNT: 0, INITIAL_FORM_COUNT: 0}
        total = max(0, min(counts[TOTAL_FORM_COUNT], formset_class.absolute_max))
        initial = max(0, min(counts[INITIAL_FORM_COUNT], total))
        rows = self._read(data, total)
        self.kept, self.added = rows[:initial], rows[initial:]

    def _read(self, data, total: int) -> list[Row]:
        rows = [Row(index=index) for index in range(total)]
        for key, values in data.lists():
            match = self._pattern.match(key)
            if match and int(match[1]) < total:
                rows[int(match[1])].values[match[2]] = values
        for row in rows:
            row.pk = (row.values.get(self.pk_name) or [""])[0]
        return rows

    def drop_unknown(self, known: set[str]) -> bool:
        """Leave out rows that claim to exist and do not, or that come twice; says whether there were any."""
        seen, kept = set(), []
        for row in self.kept:
            if row.pk in known and row.pk not in seen:
                kept.append(row)
            seen.add(row.pk)
        dropped = len(kept) < len(self.kept)
        self.kept = kept
        return dropped

    def make_new(self, row: Row) -> None:
        """Turn a row that exists no longer into one that is entered anew."""
        if row in self.kept:
            self.kept.remove(row)
        row.pk = ""
        row.values = {name: value for name, value in row.values.items() if name not in self.link_names}
        self.added.insert(0, row)

    def write(self, data) -> None:
        """Put the rows back into a mutable QueryDict, numbered from 0."""
        for key in [key for key in data if self._pattern.match(key)]:
            del data[key]
        for index, row in enumerate([*self.kept, *self.added]):
            for name, values in row.values.items():
                data.setlist(f"{self.prefix}-{index}-{name}", values)
        data[f"{self.prefix}-{TOTAL_FORM_COUNT}"] = str(len(self.kept) + len(self.added))
        data[f"{self.prefix}-{INITIAL_FORM_COUNT}"] = str(len(self.kept))
