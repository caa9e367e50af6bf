"""The article's records: read from the fixtures, written to the database once each."""

import json
from dataclasses import dataclass, field

from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

FIXTURES = {
    "sources": ["sources.json"],
    "enterprises": ["places.json", "enterprises.json"],
    "projects": [
        "chains.json",
        "projects.json",
        "stage_changes.json",
        "indicators.json",
        "mechanisms.json",
        "opportunities.json",
        "article_citations.json",
        "place_citations.json",
    ],
}

# The fields that identify a record of each kind, in the order of loading: what is named comes
# before what names it. A key is for ever: never renumber, rename or reuse one in a fixture.
KEY_FIELDS = {
    "sources.source": ("slug",),
    "enterprises.place": ("slug",),
    "enterprises.enterprise": ("code",),
    "enterprises.enterprisefact": ("enterprise", "name"),
    "projects.industrychain": ("slug",),
    "projects.project": ("code",),
    "projects.stagechange": ("project", "to_stage"),
    "projects.milestone": ("project", "kind"),
    "projects.measure": ("project", "name"),
    "projects.projectparty": ("project", "enterprise", "role"),
    "projects.reportedindicator": ("slug",),
    "projects.mechanism": ("slug",),
    "projects.opportunity": ("slug",),
    "sources.citation": ("target", "position"),
}

LOG = "projects.stagechange"
REASON = "load_article: "  # before the key, in the history row of each record as it was loaded


@dataclass
class Outcome:
    """What became of the records of one kind."""

    model: type[models.Model]
    new: int = 0
    kept: int = 0
    deleted: int = 0  # by staff, after they were loaded
    left_out: list[tuple[str, str]] = field(default_factory=list)  # key and reason


def load() -> list[Outcome]:
    """Write every record that was never loaded before, all or none; one outcome for each kind.

    A record is loaded once in the life of a database. Its first history row carries its key, so
    it is known for good: whatever staff edit, rename or delete afterwards stays as they left it,
    and a record that a later release adds still arrives. A record whose code, address or name is
    already held by one that staff entered is left out, with all that hangs on it, and reported.
    A project that has a log of its stages already keeps that.
    """
    with transaction.atomic():
        _wait_for_other_loads()
        fixtures = read()
        pks: dict[tuple[str, str], int | None] = {}
        return [_load_kind(label, fixtures[label], pks) for label in KEY_FIELDS]


def read() -> dict[str, list[dict]]:
    """The fields of every fixture record, by the label of its model, in the files' order."""
    records = {label: [] for label in KEY_FIELDS}
    for app, names in FIXTURES.items():
        for name in names:
            path = f"{apps.get_app_config(app).path}/fixtures/{name}"
            with open(path, encoding="utf-8") as file:
                for record in json.load(file):
                    records[record["model"]].append(record["fields"])
    return records


def key_of(label: str, fields: dict) -> str:
    """What identifies a record among those of its kind: `LZ000002 日处理鲜奶能力`."""
    values = [fields[name] for name in KEY_FIELDS[label]]
    return " ".join(" ".join(value) if isinstance(value, list) else str(value) for value in values)


def _wait_for_other_loads() -> None:
    """Hold a row that only loading locks; on SQLite the transaction itself has the write lock."""
    list(ContentType.objects.select_for_update().filter(app_label="sources", model="source"))


def _load_kind(label: str, records: list[dict], pks: dict) -> Outcome:
    """Write what is new of one kind; `pks` gains the row of each record that is there, None of what staff deleted."""
    outcome = Outcome(apps.get_model(label))
    loaded = _loaded_before(outcome.model)
    if label == LOG:
        loaded |= _logged_otherwise(outcome.model, [one for one in records if key_of(label, one) not in loaded], pks)
    for fields in records:
        key = key_of(label, fields)
        if key not in loaded:
            try:
                pks[label, key] = _write(outcome.model, key, fields, pks)
                outcome.new += 1
            except ValidationError as error:
                outcome.left_out.append((key, " ".join(error.messages)))
        elif loaded[key] is None:
            pks[label, key] = None
            outcome.deleted += 1
        else:
            pks[label, key] = loaded[key]
            outcome.kept += 1
    return outcome


def _loaded_before(model: type[models.Model]) -> dict[str, int | None]:
    """The keys ever loaded of a kind, each with its row, or None where staff deleted it."""
    rows = model.history.filter(history_type="+", history_change_reason__startswith=REASON)
    rows = rows.annotate(there=Exists(model._base_manager.filter(pk=OuterRef("id"))))
    found = rows.values_list("history_change_reason", "id", "there")
    return {reason.removeprefix(REASON): pk if there else None for reason, pk, there in found}


def _logged_otherwise(model: type[models.Model], records: list[dict], pks: dict) -> dict[str, int | None]:
    """As `_loaded_before`, of the log of stages: a project that has a log by now, or was deleted, gets none of ours."""
    found = {}
    for fields in records:
        key, project = key_of(LOG, fields), ("projects.project", *fields["project"])
        if project in pks and pks[project] is None:
            found[key] = None
        elif row := project in pks and model._base_manager.filter(project=pks[project]).order_by("pk").first():
            found[key] = row.pk
    return found


def _write(model: type[models.Model], key: str, fields: dict, pks: dict) -> int:
    """Check and save one record; returns its row. Raises ValidationError with the reason it cannot be."""
    row = model()
    for name, value in fields.items():
        if name == "target":
            row.content_type = ContentType.objects.get_for_model(apps.get_model(value[0]))
            row.object_id = _named(value[0], value[1:], pks)
        elif isinstance(value, list):
            related = model._meta.get_field(name)
            setattr(row, related.attname, _named(related.related_model._meta.label_lower, value, pks))
        else:
            setattr(row, name, value)
    row.full_clean()
    row._change_reason = REASON + key
    row.save()
    return row.pk


def _named(label: str, key: list[str], pks: dict) -> int:
    """The row of a record that another one names. By what was loaded, never by a code that staff may have reused."""
    pk = pks.get((label, " ".join(key)))
    if pk is None:
        name = apps.get_model(label)._meta.verbose_name
        raise ValidationError(
            _("It belongs to the %(kind)s %(key)s of the article, which is not there.")
            % {"kind": name, "key": " ".join(key)}
        )
    return pk
