"""``logaudit config``: which settings are in force, and who set them."""

from logaudit.cli import flags
from logaudit.cli.root import config_app, show


@config_app.command("show")
def config_show(paths: flags.Paths = None, config: flags.Config = "") -> None:
    """Print every setting with the place its value comes from: a default, a file or a variable."""
    from logaudit.audit.prepare import check  # noqa: PLC0415 - as above
    from logaudit.cli import run  # noqa: PLC0415 - reading needs imports that --help does not
    from logaudit.config.show import show as settings_text  # noqa: PLC0415 - as above

    resolved = run.load_settings(flags.given({"paths": paths or None}), config)
    check(resolved)
    show(settings_text(resolved))
