"""Addresses of the public pages of funds, month by month."""

app_name = "monthly"
urlpatterns = []
