from typing import Any

app_name = "compliance"
urlpatterns: list[Any] = []
