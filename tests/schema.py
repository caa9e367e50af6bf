"""What a database is made of, line by line and in no order: tables, columns, constraints, indexes, triggers."""

POSTGRESQL = {
    "column": """SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, a.attidentity,
        a.attcollation::regcollation, pg_get_expr(d.adbin, d.adrelid)
        FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
        LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
        WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'v', 'm')
        AND a.attnum > 0 AND NOT a.attisdropped""",
    "constraint": """SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint
        WHERE connamespace = 'public'::regnamespace""",
    "index": "SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    "trigger": "SELECT tgrelid::regclass, tgenabled, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal",
    "function": """SELECT p.proname, p.prosrc FROM pg_proc p
        LEFT JOIN pg_depend d ON d.objid = p.oid AND d.deptype = 'e'
        WHERE p.pronamespace = 'public'::regnamespace AND d.objid IS NULL""",
    "extension": "SELECT extname FROM pg_extension",
}
TABLES = {
    "sqlite": "SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE TABLE%' AND name NOT LIKE 'sqlite%'",
    "postgresql": "SELECT tablename FROM pg_tables WHERE schemaname = 'public'",
}
RIGHTS = """SELECT g.name, p.codename, t.app_label, t.model FROM auth_group g
    LEFT JOIN auth_group_permissions gp ON gp.group_id = g.id LEFT JOIN auth_permission p ON p.id = gp.permission_id
    LEFT JOIN django_content_type t ON t.id = p.content_type_id"""


def schema_of(cursor, vendor):
    """Each thing in the database as one tuple; and what `migrate` writes: rights of roles, rows of tables."""
    cursor.execute(RIGHTS)
    found = {("right", *row) for row in cursor.fetchall()} | _counts(cursor, vendor)
    if vendor == "sqlite":
        cursor.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
        return found | {thing for row in cursor.fetchall() for thing in _things(*row)}
    for kind, query in POSTGRESQL.items():
        cursor.execute(query)
        found |= {(kind, *map(str, row)) for row in cursor.fetchall()}
    return found


def _counts(cursor, vendor):
    """How many rows each table holds."""
    cursor.execute(TABLES[vendor])
    tables = [name for (name,) in cursor.fetchall() if "_pieces_" not in name]  # SQLite's own, of a search index
    counts = set()
    for table in tables:
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        counts.add(("rows", table, *cursor.fetchone()))
    return counts


def _things(kind, name, table, sql):
    """A row of SQLite's own table of tables; of a table, each column and constraint for itself."""
    if kind != "table" or not sql.startswith("CREATE TABLE"):
        return {(kind, name, table, sql)}
    return {(kind, name, clause) for clause in _clauses(sql[sql.index("(") + 1 : sql.rindex(")")])}


def _clauses(text):
    """The parts of a table's definition: cut at each comma that stands in no bracket."""
    clauses, depth = [""], 0
    for sign in text:
        depth += (sign == "(") - (sign == ")")
        if sign == "," and depth == 0:
            clauses.append("")
        else:
            clauses[-1] += sign
    return [clause.strip() for clause in clauses]
