"""The groups of the roles; what each may do is set after every migrate, from liangzhou/roles.py."""

from django.db import migrations

NAMES = ("系统管理员", "安全管理员", "审计员", "招商局编辑", "产业链专班", "属地经办员", "发布审核员", "企业服务专员", "区领导")


def make_groups(apps, schema_editor):
    groups = apps.get_model("auth", "Group").objects.using(schema_editor.connection.alias)
    for name in NAMES:
        groups.get_or_create(name=name)


class Migration(migrations.Migration):
    dependencies = [
        ("liangzhou", "0002_accounts_audit_waiting"),
        ("auth", "0012_alter_user_first_name_max_length"),
    ]

    operations = [migrations.RunPython(make_groups, migrations.RunPython.noop)]
