"""Fills in a page's form as a browser does: what the page holds, changed by what a person types."""

from html.parser import HTMLParser


class _Reader(HTMLParser):
    """Collects what a browser would send of the form with one id."""

    def __init__(self, form_id):
        super().__init__()
        self.form_id, self.inside = form_id, False
        self.data, self.select, self.textarea = {}, None, None

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag == "form":
            self.inside = attrs.get("id") == self.form_id
        name = attrs.get("name")
        if not self.inside:
            return
        if tag == "input" and name and attrs.get("type") != "submit":
            if attrs.get("type") not in ("checkbox", "radio") or "checked" in attrs:
                self.data[name] = attrs.get("value", "on" if attrs.get("type") == "checkbox" else "")
        elif tag == "select":
            self.select, self.data[name] = name, ""
        elif tag == "option" and self.select and "selected" in attrs:
            self.data[self.select] = attrs.get("value", "")
        elif tag == "textarea":
            self.textarea, self.data[name] = name, ""

    def handle_endtag(self, tag):
        if tag == "form":
            self.inside = False
        elif tag == "select":
            self.select = None
        elif tag == "textarea":
            if self.textarea:
                self.data[self.textarea] = self.data[self.textarea].removeprefix("\n").removeprefix("\r\n")
            self.textarea = None

    def handle_data(self, data):
        if self.textarea:
            self.data[self.textarea] += data


def read_form(response, form_id):
    """The values of a form on a page, by name; rows that a script would copy are left out."""
    reader = _Reader(form_id)
    reader.feed(response.content.decode())
    assert reader.data, f"no form #{form_id} on the page"
    return {name: value for name, value in reader.data.items() if "__prefix__" not in name}


def open_form(client, url, form_id):
    """The values of the form at an address."""
    return read_form(client.get(url), form_id)


def add_row(data, prefix, **values):
    """One more row of an inline."""
    index = int(data[f"{prefix}-TOTAL_FORMS"])
    data |= {f"{prefix}-{index}-{name}": value for name, value in values.items()}
    data[f"{prefix}-TOTAL_FORMS"] = str(index + 1)
    return index
