"""Pages of the admin that the matrix of roles (test_roles.py) does not try itself, and who does."""

# For everybody who may sign in, about themselves
EVERYBODYS = {"index", "login", "logout", "jsi18n", "password_change", "password_change_done", "second_factor",
              "second_factor_code", "second_factor_codes", "second_factor_off", "second_factor_setup"}  # fmt: skip
MONTHS = {  # by the test that tries them
    "monthly/test_month_admin.py": ("month", "lock", "unlock", "publish", "withdraw", "compare",
                                    "reportingmonth_changelist", "reportingmonth_add", "reportingmonth_change"),
    "monthly/desk/test_pages.py": ("leader",),
    "monthly/test_figure_pages.py": ("figures", "figures_export", "rows", "rows_export"),
    "monthly/sheet/test_pages.py": ("sheet", "sheet_export"),
    "monthly/report/test_pages.py": ("report", "report_page"),
}  # fmt: skip
# Tried in the tests named, row by row
ELSEWHERE = {
    **{f"monthly_{page}": test for test, pages in MONTHS.items() for page in pages},
    "app_list": "liangzhou/test_admin_site.py",
    "autocomplete": "test_roles.py",
    "view_on_site": "projects/test_own_admin.py",
    "liangzhou_changebatch_undo": "liangzhou/batches/test_rights.py",
    "projects_project_merge": "projects/test_merge_admin.py",
    "auth_group_change": "liangzhou/accounts/test_admin.py",
    "auth_group_delete": "liangzhou/accounts/test_admin.py",
    "axes_accessattempt_delete": "liangzhou/sign_in/test_admin.py",
    **dict.fromkeys(
        [f"{kind}_publishing_many" for kind in ("projects_project", "enterprises_enterprise", "projects_opportunity",
                                                "projects_mechanism", "projects_reportedindicator")],
        "liangzhou/publishing/test_bulk.py",
    ),
}  # fmt: skip
STANDARD = ("changelist", "add", "change", "delete", "history", "history_compare", "history_day", "history_restore")
WITHOUT_SCOPE = ("mechanism", "opportunity", "reportedindicator")
