"""Programmes: their register, whom to fund, what came of them, and how sure that is."""

from __future__ import annotations

import typer

from clusteratlas.cli.programme_register import app as register

app = typer.Typer(
    help="Programmes: whom to fund, what came of it.",
    no_args_is_help=True,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["--help", "-h"]},
)
app.add_typer(register, name="register")
