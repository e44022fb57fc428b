"""The application with a task that breaks in the worker itself, after it took a place in the pool for it."""

from celery.worker.request import Request

from carloan.celery import app


class Breaking(Request):  # type: ignore[misc]
    def revoked(self) -> bool:
        raise ArithmeticError


@app.task(name="carloan.breaks", Request=f"{__name__}:Breaking")  # type: ignore[untyped-decorator]
def breaks() -> None:
    """Never begun."""
