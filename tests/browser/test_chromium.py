"""The browser tests' own tools can fail."""

import pytest

from tests.browser.complaints import Complaints

BROKEN = "<!doctype html><html lang=zh-CN><title>t</title><main><h1>h</h1><img src=data:,></main></html>"


def test_axe_names_the_broken_rule_and_the_element(page, axe):
    page.set_content(BROKEN)

    with pytest.raises(pytest.fail.Exception) as failure:
        axe(page)
    assert str(failure.value) == (
        'Barriers on about:blank\nimage-alt (critical): Images must have alternative text\n    <img src="data:,">'
    )


def test_plain_page_runs_no_script(page, plain_page):
    script = "<!doctype html><title>before</title><script>document.title = 'after'</script>"
    page.set_content(script)
    plain_page.set_content(script)

    assert (page.title(), plain_page.title()) == ("after", "before")


def test_chinese_is_drawn_with_a_chinese_font(page):
    page.set_content("<!doctype html><p style='font: 40px sans-serif'><span>凉</span> <span>州</span></p>")
    one, other = (span.screenshot() for span in page.locator("span").all())

    assert one != other  # without a Chinese font both are the same empty box


def test_phone_is_a_phone_s_width(phone):
    phone.goto("/admin/login/")

    assert phone.evaluate("[innerWidth, document.documentElement.scrollWidth]") == [390, 390]


def test_sign_in_page_has_no_barriers(page, axe):
    page.goto("/admin/login/")

    axe(page)


def test_complaints_tell_what_broke_and_what_the_policy_refused(browser, live_server, database):
    page = browser.new_page()
    complaints = Complaints(live_server.url)
    complaints.listen(page)
    page.goto(f"{live_server.url}/nowhere/")
    assert complaints.told() == []

    page.evaluate("document.head.append(Object.assign(document.createElement('style'), {textContent: 'p {}'}))")
    page.evaluate("setTimeout(() => { throw new Error('it broke') })")
    page.evaluate("fetch('/nothing-here/').then(answer => answer.status)")
    page.close()
    told = "\n".join(complaints.told())
    assert "Content Security Policy refused inline (style-src-elem)" in told
    assert "it broke" in told
    assert f"404 (Not Found) {live_server.url}/nothing-here/" in told
