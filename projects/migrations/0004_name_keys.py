"""How the names of the projects that are there begin and end, so that look-alikes of them are found."""

from django.db import migrations

CHUNK = 500


def fill(apps, schema_editor):
    """By `projects.names` as it is when the migration runs: keys made by another rule would find nothing."""
    from projects.names import blocking_keys

    Project = apps.get_model("projects", "Project")
    projects = Project._base_manager.using(schema_editor.connection.alias).only("pk", "name").order_by("pk")
    last = 0
    while chunk := list(projects.filter(pk__gt=last)[:CHUNK]):
        for project in chunk:
            project.name_head, project.name_tail = blocking_keys(project.name)
        projects.bulk_update(chunk, ["name_head", "name_tail"])
        last = chunk[-1].pk


class Migration(migrations.Migration):
    dependencies = [("projects", "0003_not_the_same")]

    operations = [migrations.RunPython(fill, migrations.RunPython.noop, elidable=True)]
