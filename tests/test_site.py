"""The documentation as a site: it builds without a warning, holds every page, and stands at one address."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from logaudit.core.docs_url import DOCS_URL, rule_url
from logaudit.rules import REGISTRY

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("material", reason="the extra `docs` is not installed")
    folder = tmp_path_factory.mktemp("site")
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "--quiet", "--site-dir", str(folder)],
        cwd=ROOT,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        check=False,
        encoding="utf-8",
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def page(site: Path, address: str) -> str:
    return (site / address.removeprefix(DOCS_URL) / "index.html").read_text(encoding="utf-8")


def test_every_rule_has_a_page_at_the_address_that_sarif_names(site: Path) -> None:
    for registered in REGISTRY:
        assert re.search(rf"<h1 id=.*{registered.rule.code}", page(site, rule_url(registered.rule.code)))


def test_every_guide_is_in_the_site_and_in_its_menu(site: Path) -> None:
    home = page(site, DOCS_URL)
    for guide in (ROOT / "docs").glob("*.md"):
        assert f'href="{guide.stem}/"' in home, guide.name
        assert page(site, f"{DOCS_URL}{guide.stem}/")
    assert 'href="changelog/"' in home


#: What a browser fetches by itself from another host.
LOADED = re.compile(r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//(?!docs\.logaudit\.)")


def test_the_site_loads_nothing_from_elsewhere(site: Path) -> None:
    for path in site.rglob("*.html"):
        text = path.read_text(encoding="utf-8")
        assert not re.search(
            r"<(?:script|link|img)\b[^>]*(?:src|href)=\"(?:https?:)?//(?!docs\.logaudit\.)", text
        ), path


def test_the_address_is_one_wherever_it_stands() -> None:
    urls = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["urls"]
    assert urls["Documentation"] == DOCS_URL
    assert all(url.startswith(DOCS_URL) for url in urls.values())
    assert yaml.safe_load((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))["site_url"] == DOCS_URL
