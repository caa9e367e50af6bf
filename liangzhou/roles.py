"""The roles of the staff: what each is called and which kinds of records it may view, add, change, delete, publish.

Whose records a role reaches (its own chains, its own places) is decided in permissions.py.
"""

from dataclasses import dataclass, field

from django.utils.translation import gettext_lazy as _

PARTS_OF_PROJECT = ("projects.milestone", "projects.measure", "projects.projectparty", "projects.creditshare")
MONTHLY = (  # what is entered month by month, by those whose project it is
    "monthly.fundingrecord",
    "monthly.investmentrecord",
    "monthly.progressreport",
    "monthly.progressphoto",
    "monthly.annualplan",
)
STEERING = (  # what months are measured by
    "monthly.annualtarget",
    "monthly.ratedefinition",
    "monthly.lightthresholds",
    "monthly.exemption",
    "projects.assignment",
    "projects.signingevent",
)
MONTHS = "monthly.reportingmonth"
PARTS_OF_COMPANY = ("enterprises.enterprisefact", "enterprises.qualification")
FRAME = ("projects.industrychain", "enterprises.place", "projects.unit")  # what projects are sorted by
PUBLISHABLE = (
    "projects.project",
    "enterprises.enterprise",
    "projects.reportedindicator",
    "projects.opportunity",
    "projects.mechanism",
)
RECORDS = (*PUBLISHABLE, *PARTS_OF_PROJECT, *PARTS_OF_COMPANY, *FRAME, "sources.source", "sources.citation")
LOGS = ("projects.stagechange", "projects.formercode", "projects.notthesame", "liangzhou.changebatch")
GRANTS = ("projects.taskforce", "enterprises.placeduty")
CONTACTS, INSTRUCTIONS = "enterprises.contact", "projects.instruction"

RECORDS_WORK, ADMINISTRATION, AUDIT = "records", "administration", "audit"
SYSTEM, SECURITY = "system", "security"  # the two halves of administration, held by different people
DUTIES = {
    RECORDS_WORK: _("work on records"),
    SYSTEM: _("system administration"),
    SECURITY: _("security administration"),
    AUDIT: _("audit"),
}


@dataclass(frozen=True)
class Role:
    """One role. Its group has its Chinese name; `rights` are acts with the kinds of records they are for.

    `duty` keeps the three administrators of 等保 (GB/T 22239) apart: nobody holds roles of two duties.
    `scope` is what limits the role to its own records: "chain", "place" or "" for all.
    """

    code: str
    name: str  # of the group: never translated, the group is found by it
    about: str
    duty: str
    scope: str = ""
    rights: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def permissions(self) -> set[str]:
        """Its rights as Django names them: projects.change_project."""
        return {
            f"{label.partition('.')[0]}.{act}_{label.partition('.')[2]}"
            for act, labels in self.rights.items()
            for label in labels
        }


_FIELD_WORK = {
    "view": ("projects.project", "enterprises.enterprise", *PARTS_OF_PROJECT, *PARTS_OF_COMPANY, *FRAME,
             "sources.source", "sources.citation", CONTACTS, INSTRUCTIONS, "liangzhou.waitingchange",
             *MONTHLY, *STEERING, MONTHS),
    "add": ("projects.project", "enterprises.enterprise", *PARTS_OF_PROJECT, *PARTS_OF_COMPANY,
            "sources.source", "sources.citation", CONTACTS, *MONTHLY),
    "change": ("projects.project", "enterprises.enterprise", *PARTS_OF_PROJECT, *PARTS_OF_COMPANY,
               "sources.citation", CONTACTS, INSTRUCTIONS, *MONTHLY),
    "delete": (*PARTS_OF_PROJECT, *PARTS_OF_COMPANY, "sources.citation"),
    "reveal": (CONTACTS,),
}  # fmt: skip

ROLES = (
    Role(
        "administrator",
        "系统管理员",
        _("Opens and closes accounts, resets passwords, unlocks sign-ins. Grants no roles, sees no records."),
        ADMINISTRATION,
        rights={
            "view": ("auth.user", "auth.group", "axes.accessattempt"),
            "add": ("auth.user",),
            "change": ("auth.user",),
            "delete": ("axes.accessattempt",),
        },
    ),
    Role(
        "security",
        "安全管理员",
        _("Grants roles, chains and places to accounts. Opens no accounts, sees no records."),
        ADMINISTRATION,
        rights={
            "view": ("auth.user", "auth.group", "axes.accessattempt", *GRANTS, *FRAME),
            "add": ("auth.group", *GRANTS),
            "change": ("auth.group", *GRANTS),
            "delete": ("auth.group", "axes.accessattempt", *GRANTS),
            "grant": ("liangzhou.account",),
        },
    ),
    Role(
        "auditor",
        "审计员",
        _("Reads everything, the audit trail too, and changes nothing."),
        AUDIT,
        rights={
            "view": (
                *RECORDS,
                *LOGS,
                *GRANTS,
                *MONTHLY,
                *STEERING,
                MONTHS,
                CONTACTS,
                INSTRUCTIONS,
                "ledgers.ledgerimport",
                "ledgers.ledgertemplate",
                "liangzhou.waitingchange",
                "liangzhou.auditentry",
                "auth.user",
                "auth.group",
                "axes.accessattempt",
            ),
        },
    ),  # fmt: skip
    Role(
        "editor",
        "招商局编辑",
        _("Enters and changes all records, brings ledgers in, locks months, submits for publishing."),
        RECORDS_WORK,
        rights={
            "view": (
                *RECORDS,
                *LOGS,
                CONTACTS,
                INSTRUCTIONS,
                "liangzhou.waitingchange",
                "ledgers.ledgerimport",
                "ledgers.ledgertemplate",
                *GRANTS,
                *MONTHLY,
                *STEERING,
                MONTHS,
            ),
            "add": (*RECORDS, CONTACTS, *MONTHLY, *STEERING, MONTHS),
            "change": (*RECORDS, CONTACTS, INSTRUCTIONS, *MONTHLY, *STEERING, MONTHS),
            "delete": (*RECORDS, CONTACTS, *MONTHLY, *STEERING),
            "lock": (MONTHS,),
            "reveal": (CONTACTS,),
            "export": (CONTACTS,),
        },
    ),  # fmt: skip
    Role(
        "task_force",
        "产业链专班",
        _("Enters and follows the projects of the chains of its task force, and of no other."),
        RECORDS_WORK,
        scope="chain",
        rights=_FIELD_WORK,
    ),
    Role(
        "place_clerk",
        "属地经办员",
        _("Enters and follows the projects in the places of this duty, and in no other."),
        RECORDS_WORK,
        scope="place",
        rights=_FIELD_WORK,
    ),
    Role(
        "publisher",
        "发布审核员",
        _("Publishes, returns and withdraws what others entered; changes nothing in it."),
        RECORDS_WORK,
        rights={
            "view": (*RECORDS, *LOGS, INSTRUCTIONS, "liangzhou.waitingchange", *MONTHLY, *STEERING, MONTHS),
            "publish": (*PUBLISHABLE, MONTHS),
        },
    ),
    Role(
        "service_officer",
        "企业服务专员",
        _("Looks after companies and their contacts; reads projects."),
        RECORDS_WORK,
        rights={
            "view": (*RECORDS, CONTACTS, "liangzhou.waitingchange"),
            "add": ("enterprises.enterprise", *PARTS_OF_COMPANY, "sources.source", "sources.citation", CONTACTS),
            "change": ("enterprises.enterprise", *PARTS_OF_COMPANY, "sources.citation", CONTACTS),
            "delete": (*PARTS_OF_COMPANY, "sources.citation", CONTACTS),
            "reveal": (CONTACTS,),
            "export": (CONTACTS,),
        },
    ),
    Role(
        "leader",
        "区领导",
        _("Reads all records and writes instructions (批示)."),
        RECORDS_WORK,
        rights={
            "view": (*RECORDS, *LOGS, CONTACTS, INSTRUCTIONS, *MONTHLY, *STEERING, MONTHS),
            "add": (INSTRUCTIONS,),
            "change": (INSTRUCTIONS,),
        },
    ),
)

BY_NAME = {role.name: role for role in ROLES}
BY_CODE = {role.code: role for role in ROLES}


def duty_of(right: str) -> str:
    """The duty that a right, as Django names it, belongs to: one of DUTIES, or "" for what goes with each."""
    app, _dot, codename = right.partition(".")
    act, _line, model = codename.partition("_")
    label = f"{app}.{model}"
    if label == "liangzhou.auditentry":
        return AUDIT
    if act == "view" or app == "axes":  # both administrators unlock sign-ins
        return ""
    if label in ("auth.group", "auth.permission", "liangzhou.account", *GRANTS) or app.startswith("otp_"):
        return SECURITY
    return RECORDS_WORK if app in ("projects", "enterprises", "sources", "monthly", "ledgers", "liangzhou") else SYSTEM


def rights_of_work() -> set[str]:
    """What groups besides the roles' own may hold: the rights that some role has for its work on records."""
    return {right for role in ROLES if role.duty == RECORDS_WORK for right in role.permissions()}


def rights_of_all() -> set[str]:
    """Every right that some role has."""
    return {right for role in ROLES for right in role.permissions()}


def install(using: str = "default") -> None:
    """Make the groups of the roles, with the rights that this file says; other groups are left alone.

    Runs after every `migrate`: what a role may do is decided here and reviewed with the code. Where that changes
    what a role held before, it is in the audit trail.
    """
    from django.apps import apps
    from django.contrib.auth.management import create_permissions
    from django.contrib.auth.models import Group, Permission
    from django.db import transaction

    for config in apps.get_app_configs():
        create_permissions(config, verbosity=0, using=using)
    rows = Permission.objects.using(using).values_list("content_type__app_label", "codename", "pk")
    keys = {f"{app}.{codename}": pk for app, codename, pk in rows}
    changed = []
    with transaction.atomic(using=using):
        for role in ROLES:
            group, _created = Group.objects.using(using).get_or_create(name=role.name)
            held, wanted = set(group.permissions.values_list("pk", flat=True)), role.permissions()
            group.permissions.set(sorted(keys[name] for name in wanted))
            before = {name for name, pk in keys.items() if pk in held}
            if before and before != wanted:  # a role that is new takes nothing from anybody
                changed.append((group, {"from": sorted(before), "to": sorted(wanted)}))
        _record_changed(changed, using)


def _record_changed(changed: list, using: str) -> None:
    """Last of all: who writes into the trail makes others wait. It is kept in the one database that serves."""
    from django.db import DEFAULT_DB_ALIAS

    from liangzhou import audit

    for group, rights in changed if using == DEFAULT_DB_ALIAS else ():
        audit.record(audit.Action.RIGHTS_CHANGED, target=group, how="update", rights=rights)
