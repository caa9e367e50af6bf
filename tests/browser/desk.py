"""What a clerk does on the admin's pages."""

from urllib.parse import quote

from playwright.sync_api import expect

# What axe finds in Django's tables of parts: they begin with a column for the name of each row, which has no head.
STOCK = {"empty-table-header": '<th class="original"'}


def choose(page, field, words, option):
    """Choose by typing: `field` is the id of the select that Django puts behind the box."""
    page.locator(f"#{field} + .select2").click()
    with page.expect_response(lambda answer: f"term={quote(words)}" in answer.url):
        page.locator(".select2-search__field").fill(words)
    page.locator(".select2-results__option", has_text=option).first.click()
    expect(page.locator(f"#select2-{field}-container")).to_contain_text(option)


def add_part(page, prefix):
    """Open one more row of a table of parts; gives the beginning of its fields' ids."""
    group = page.locator(f"#{prefix}-group")
    index = group.locator(f"[id^='id_{prefix}-'][id$='-id']").count() - 1  # one belongs to the row that is copied
    group.locator(".add-row a, a.add-row").last.click()
    return f"id_{prefix}-{index}"


def save(page):
    page.get_by_role("button", name="保存", exact=True).click()


def saved(page):
    """The message after a save."""
    return page.locator(".messagelist .success")
