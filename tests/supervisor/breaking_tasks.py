"""The application with a task that breaks in the worker itself, after it took a place in the pool for it."""

from celery.worker.request import Request

from carloan.celery import app


class Breaking(Request):
    def revoked(self) -> bool:
        raise ArithmeticError


@app.task(name="carloan.breaks", Request=f"{__name__}:Breaking")
def breaks() -> None:
    """Never begun."""
