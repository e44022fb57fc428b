from typing import Any

app_name = "archives"
urlpatterns: list[Any] = []
