"""Chinese search on PostgreSQL and SQLite: an index of two-character pieces and a LIKE recheck.

Any term of two or more characters is found wherever it stands, without a word segmenter: the
index narrows to rows that hold all its two-character pieces, LIKE keeps those that hold it whole.
PostgreSQL: GIN over an SQL function that cuts text into pieces. SQLite: a contentless FTS5 table
of the pieces, kept by triggers. Both are made after every `migrate`, because Django rebuilds a
SQLite table, and drops its triggers, whenever a column of it changes.
"""

import re
import unicodedata

from django.db import DEFAULT_DB_ALIAS, connections, models
from django.db.models.expressions import Col
from django.utils.text import slugify
from pypinyin import Style, lazy_pinyin

MAX_TERMS = 5


def normalise(text: str) -> str:
    """The form that is stored and asked for: NFKC (full-width to half), lower case, single spaces, no controls."""
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())
    return re.sub(r"[\s\x00-\x1f\x7f]+", " ", folded).strip()


def words(text: str) -> list[str]:
    """The different words of a query."""
    return list(dict.fromkeys(normalise(text).split()))


def terms(text: str) -> list[str]:
    """The words of a query that are looked for, each of which must be found: the first five."""
    return words(text)[:MAX_TERMS]


def pinyin(text: str) -> str:
    """Full pinyin and initials of a text: 储能 -> `chuneng cn`. Latin letters and digits stay."""
    normal = normalise(text)
    full = "".join(lazy_pinyin(normal, errors=_alphanumeric))
    initials = "".join(lazy_pinyin(normal, style=Style.FIRST_LETTER, errors=_alphanumeric))
    return f"{full} {initials}".strip()


def pinyin_slug(text: str) -> str:
    """An address in Latin letters: 凉州工业园区 -> `liang-zhou-gong-ye-yuan-qu`."""
    return slugify("-".join(lazy_pinyin(normalise(text), errors=_alphanumeric)))


def _alphanumeric(rest: str) -> str:
    """What pinyin keeps of a stretch that is not Chinese."""
    return re.sub(r"[^0-9a-z]", "", rest)


def also_update(save_kwargs: dict, *fields: str) -> None:
    """Add computed fields to `update_fields`, where a save names only some."""
    if save_kwargs.get("update_fields") is not None:
        save_kwargs["update_fields"] = {*save_kwargs["update_fields"], *fields}


class SearchTextField(models.TextField):
    """Normalised text with an index of its two-character pieces; asked with `__holds`."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **{"editable": False, "default": "", "blank": True, **kwargs})

    def deconstruct(self):
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "editable": False, "default": "", "blank": True}


@SearchTextField.register_lookup
class Holds(models.Lookup):
    """`search_text__holds="储能"`: the text holds the term, wherever it stands."""

    lookup_name = "holds"
    prepare_rhs = False

    def __init__(self, lhs, rhs):
        super().__init__(lhs, normalise(str(rhs)))

    def _like(self, compiler, connection):
        lhs, params = self.process_lhs(compiler, connection)
        escaped = re.sub(r"([\\%_])", r"\\\1", self.rhs)
        return rf"{lhs} LIKE %s ESCAPE '\'", [*params, f"%{escaped}%"]

    def as_postgresql(self, compiler, connection):
        like, params = self._like(compiler, connection)
        if len(self.rhs) < 2:
            return like, params
        lhs, _ = self.process_lhs(compiler, connection)
        return f"(search_pieces({lhs}) @> search_pieces(%s) AND {like})", [self.rhs, *params]

    def as_sqlite(self, compiler, connection):
        like, params = self._like(compiler, connection)
        if len(self.rhs) < 2:
            return like, params
        model = self.lhs.target.model
        key, _ = compiler.compile(Col(self.lhs.alias, model._meta.pk))
        table = SqliteIndex(model, self.lhs.target).table
        return f"({key} IN (SELECT rowid FROM {table} WHERE {table} MATCH %s) AND {like})", [
            " ".join(f'"{piece}"' for piece in _hex_pieces(self.rhs)),
            *params,
        ]

    def as_sql(self, compiler, connection):
        raise NotImplementedError("Search is built for PostgreSQL and SQLite.")


def _hex_pieces(text: str) -> list[str]:
    """Each two-character piece as the hexadecimal of its UTF-8: a token no tokenizer can split."""
    return list(dict.fromkeys(text[i : i + 2].encode().hex().upper() for i in range(len(text) - 1)))


class SqliteIndex:
    """The FTS5 table beside one SearchTextField and the triggers that keep it."""

    def __init__(self, model, field):
        self.base = model._meta.db_table
        self.key = model._meta.pk.column
        self.column = field.column
        self.table = f"{self.base}_{field.column}_pieces"

    def statements(self) -> list[str]:
        """The DDL, safe to repeat."""
        after = {
            "insert": self._add("new"),
            f"update_of_{self.column}": f"{self._remove()} {self._add('new')}",
            "delete": self._remove(),
        }
        events = {"insert": "INSERT", f"update_of_{self.column}": f"UPDATE OF {self.column}", "delete": "DELETE"}
        return [
            f"CREATE VIRTUAL TABLE IF NOT EXISTS {self.table} USING fts5(pieces, content='', detail=none)",
            *(
                f"CREATE TRIGGER IF NOT EXISTS {self.table}_{name} AFTER {events[name]} ON {self.base} BEGIN {body} END"
                for name, body in after.items()
            ),
        ]

    def rebuild_statements(self) -> list[str]:
        """Empty the index and fill it from the table."""
        pieces = self._pieces(f"{self.base}.{self.column}")
        return [
            f"INSERT INTO {self.table}({self.table}) VALUES ('delete-all')",
            f"INSERT INTO {self.table}(rowid, pieces) SELECT {self.key}, {pieces} FROM {self.base}",
        ]

    def triggers_missing(self, cursor) -> bool:
        """Whether Django rebuilt the table, and so dropped the triggers, since the last install."""
        cursor.execute(
            "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s AND name LIKE %s",
            [self.base, f"{self.table}_%"],
        )
        return cursor.fetchone()[0] < 3

    def _pieces(self, text: str) -> str:
        return (
            "(WITH RECURSIVE piece(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM piece"
            f" WHERE i < length({text}) - 1) SELECT group_concat(hex(substr({text}, i, 2)), ' ') FROM piece)"
        )

    def _add(self, row: str) -> str:
        return (
            f"INSERT INTO {self.table}(rowid, pieces) VALUES"
            f" ({row}.{self.key}, {self._pieces(f'{row}.{self.column}')});"
        )

    def _remove(self) -> str:
        return (
            f"INSERT INTO {self.table}({self.table}, rowid, pieces) VALUES"
            f" ('delete', old.{self.key}, {self._pieces(f'old.{self.column}')});"
        )


POSTGRESQL_FUNCTION = """
CREATE OR REPLACE FUNCTION search_pieces(t text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$
  SELECT coalesce(array_agg(DISTINCT substr(t, i, 2)), '{}') FROM generate_series(1, length(t) - 1) AS i
$$
"""


def searched_fields() -> list[tuple[type[models.Model], models.Field]]:
    """Every (model, field) that carries a search index."""
    from django.apps import apps

    return [
        (model, field)
        for model in apps.get_models()
        for field in model._meta.local_concrete_fields
        if isinstance(field, SearchTextField)
    ]


def install(using: str = DEFAULT_DB_ALIAS) -> None:
    """Make the search indexes that are missing. Cheap where all are there."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRESQL_FUNCTION)
        for model, field in searched_fields():
            if model._meta.db_table not in existing:
                continue
            if connection.vendor == "postgresql":
                name = f"{model._meta.db_table}_{field.column}_pieces"
                cursor.execute(
                    f"CREATE INDEX IF NOT EXISTS {name} ON {model._meta.db_table}"
                    f" USING gin (search_pieces({field.column}))"
                )
            elif connection.vendor == "sqlite":
                _install_sqlite(cursor, SqliteIndex(model, field))


def _install_sqlite(cursor, index: SqliteIndex) -> None:
    missing = index.triggers_missing(cursor)
    for statement in index.statements() if missing else []:
        cursor.execute(statement)
    for statement in index.rebuild_statements() if missing else []:
        cursor.execute(statement)
