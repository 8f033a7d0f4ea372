"""A suite is hundreds of requests over HTTP. While people type, Tryton's and the sample file's are enough."""

from pathlib import Path

import pytest

HERE = Path(__file__).parent
PATIENT = {"test_erpnext.py", "test_kingdee.py", "test_odoo.py", "test_sap_odata.py", "test_yonyou.py"}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.parent == HERE and item.path.name in PATIENT:
            item.add_marker(pytest.mark.slow)
