"""Printing charts."""

from django import template

from liangzhou.charts.documents import for_page

register = template.Library()
register.filter("drawn", for_page)
