"""The house rules that a machine can check: who may import whom, what every file, model and field must have."""

import ast
import re
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib import admin
from django.contrib.contenttypes.fields import GenericForeignKey
from django.core.management import call_command
from factory.django import DjangoModelFactory

from liangzhou.models import Stamped
from tests import factories

ROOT = Path(settings.BASE_DIR)
APPS = ("liangzhou", "sources", "enterprises", "projects", "monthly", "ledgers")  # from the ground up
KNOW_EVERYBODY = {"liangzhou/urls.py", "liangzhou/navigation.py", "liangzhou/settings.py"}
TABLE = re.compile(r".*/columns\.py:\w+_columns")  # a list of columns: long, but without a decision in it
LONGEST_FILE, LONGEST_FUNCTION = 400, 30
RULES = {"liangzhou/permissions.py", "liangzhou/reach.py", "liangzhou/rights.py"}  # who may do what

# Models that the system writes and nobody edits: they have no row version and no history of their own
WRITTEN_BY_THE_SYSTEM = {
    "Account",
    "AuditEntry",
    "AuditHead",
    "ChangeBatch",
    "DemoMark",
    "LedgerImport",
    "LedgerRow",
    "MonthVersion",
    "Reminder",
    "SnapshotFunding",
    "SnapshotInvestment",
    "SnapshotProject",
    "SnapshotShare",
    "SnapshotTarget",
    "WaitingChange",
}

# Fields in no section of a record's page or form, and why
OUTSIDE_SECTIONS = {
    "id": "the database's own key",
    "created_at": "kept by the system; the form shows it below",
    "created_by": "kept by the system; the form shows it below",
    "updated_at": "kept by the system; the page shows it below",
    "updated_by": "kept by the system; the form shows it below",
    "version": "kept by the system: tells two clerks apart",
    "published": "kept by the acts of publishing; the form's panel shows it",
    "published_at": "kept by the system",
    "review": "kept by the acts of publishing; the form's panel shows it",
    "review_note": "kept by the acts of publishing; the form's panel shows it",
    "submitted_at": "kept by the acts of publishing; the form's panel shows it",
    "submitted_by": "kept by the acts of publishing; the form's panel shows it",
    "search_text": "computed: what search looks in",
    "search_pinyin": "computed: what search looks in",
    "name_head": "computed: where look-alikes are looked for",
    "name_tail": "computed: where look-alikes are looked for",
    "latest_milestone": "derived from the milestones",
    "latest_milestone_date": "derived from the milestones",
    "latest_milestone_precision": "derived from the milestones",
    "latest_milestone_year": "derived from the milestones",
    "dated_precision": "typed and shown as part of the date",
}


def product_files(ending="py"):
    found = [path for app in APPS for path in (ROOT / app).rglob(f"*.{ending}") if "migrations" not in path.parts]
    return sorted(path.relative_to(ROOT).as_posix() for path in found)


def parsed(path):
    return ast.parse((ROOT / path).read_text("utf-8"))


def imported(path):
    """The top-level packages that a file imports anywhere, functions included."""
    for node in ast.walk(parsed(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level <= 1, f"{path} imports from above itself"
            yield (node.module or "").partition(".")[0] if node.level == 0 else path.partition("/")[0]


def our_models():
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not hasattr(model, "instance_type")  # what simple_history makes
    ]


def sections_of(model):
    return admin.site.get_model_admin(model).sections


def names_in(sections):
    return [name for s in sections for name in (*s.public, *s.internal, *s.derived, *s.folded)]


records = pytest.mark.parametrize(
    "model", [pytest.param(model, id=model.__name__) for model in our_models() if hasattr(model, "get_absolute_url")]
)


# Files


@pytest.mark.parametrize("path", sorted(set(product_files()) - KNOW_EVERYBODY))
def test_imports_run_one_way(path):
    above = APPS[APPS.index(path.partition("/")[0]) + 1 :]

    assert {name for name in imported(path) if name in (*above, "tests")} == set()


def test_every_module_says_what_belongs_there():
    silent = [path for path in product_files() if parsed(path).body and not ast.get_docstring(parsed(path))]

    assert silent == []


def test_files_are_short():
    tests = [path.relative_to(ROOT).as_posix() for path in (ROOT / "tests").rglob("*.py")]
    templates = [path.relative_to(ROOT).as_posix() for path in (ROOT / "templates").rglob("*.html")]
    lengths = {path: len((ROOT / path).read_text("utf-8").splitlines()) for path in product_files() + tests + templates}

    assert {path: length for path, length in lengths.items() if length >= LONGEST_FILE} == {}


def test_functions_are_short():
    lengths = {
        f"{path}:{node.name}": node.end_lineno - node.lineno + 1
        for path in product_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.FunctionDef)
    }

    long = {name: length for name, length in lengths.items() if length > LONGEST_FUNCTION}
    assert {name: length for name, length in long.items() if not TABLE.fullmatch(name)} == {}


def test_no_file_is_a_drawer():
    drawers = {"utils", "helpers", "common", "misc"}

    assert [path for path in product_files() if drawers & {*Path(path).parts, Path(path).stem}] == []


def test_rights_are_asked_for_in_one_place():
    calls = {
        path
        for path in product_files()
        for node in ast.walk(parsed(path))
        if isinstance(node, ast.Attribute) and node.attr in ("has_perm", "has_perms", "has_module_perms")
    }

    assert calls == RULES


# Models


def test_migrations_are_made(db):
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def test_every_model_has_a_factory():
    classes = [made for made in vars(factories).values() if isinstance(made, type)]
    made = {factory._meta.model for factory in classes if issubclass(factory, DjangoModelFactory)}

    assert [model.__name__ for model in our_models() if model not in made] == []


def test_every_model_is_stamped():
    assert {model.__name__ for model in our_models() if not issubclass(model, Stamped)} == WRITTEN_BY_THE_SYSTEM


def test_every_model_says_what_a_row_is():
    assert [model.__name__ for model in our_models() if model.__doc__.startswith(f"{model.__name__}(")] == []


def test_every_model_and_field_has_a_label():
    unnamed = [
        model.__name__
        for model in our_models()
        if not {"verbose_name", "verbose_name_plural"} <= model._meta.original_attrs.keys()
    ]
    unlabelled = [
        f"{model.__name__}.{field.name}"
        for model in our_models()
        for field in (*model._meta.local_concrete_fields, *model._meta.many_to_many)
        if field._verbose_name is None and field.name not in OUTSIDE_SECTIONS
    ]

    assert (unnamed, unlabelled) == ([], [])


# Fields


@records
def test_every_field_of_a_record_is_in_a_section_or_left_out_for_a_reason(model):
    fields = {field.name for field in model._meta.get_fields() if field.concrete}
    fields -= {field.name for field in model._meta.private_fields if not isinstance(field, GenericForeignKey)}

    assert fields - set(names_in(sections_of(model))) - OUTSIDE_SECTIONS.keys() == set()


@records
def test_sections_name_each_field_once_and_only_what_there_is(model):
    names = names_in(sections_of(model))

    assert sorted(names) == sorted(set(names))
    assert [name for name in names if not hasattr(model, name)] == []
    assert OUTSIDE_SECTIONS.keys() & set(names) == set()


def test_fields_are_left_out_of_sections_only_where_they_exist():
    fields = {field.name for model in our_models() for field in model._meta.local_concrete_fields}

    assert OUTSIDE_SECTIONS.keys() - fields == set()


@records
def test_internal_fields_are_in_no_public_place_of_a_section(model):
    internal = {"internal_remark", "status_reason", "credit_code_reason"}

    shown = [name for s in sections_of(model) for name in (*s.public, *s.derived, *s.folded)]

    assert internal & set(shown) == set()
