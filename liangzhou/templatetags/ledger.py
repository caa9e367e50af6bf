"""Template filters of the whole site: printing amounts and numbers."""

from django import template

from liangzhou import money

register = template.Library()

register.filter("wan", money.show_wan)
register.filter("plain", money.plain)
