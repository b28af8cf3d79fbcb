"""Effects that compare, side by side on one axis; points where the source gives no interval."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.translation import gettext as _

from clusteratlas.portal import figures
from clusteratlas.portal.charts.dots import DotChart
from clusteratlas.portal.charts.level import Level, level_chart
from clusteratlas.portal.evidence import addresses
from clusteratlas.portal.evidence import effect_words as words
from clusteratlas.portal.language import number
from clusteratlas.programmes.evidence import FactScale, Group, PublishedEffect
from clusteratlas.programmes.evidence.intervals import interval_of


@dataclass(frozen=True, slots=True)
class Forest:
    """A group as it is shown: its chart, what it says, and why there is no mean."""

    heading: str
    sentence: str
    chart: DotChart
    mean: str
    refusals: list[str]
    source: str


def forest(group: Group) -> Forest:
    """Return a group as a forest plot in words and picture."""
    what = {
        "outcome": words.outcome(group.outcome),
        "unit": words.unit_in_words(group.unit_of_value),
        "of": words.unit(group.unit),
    }
    heading = _("%(outcome)s, %(unit)s") % what
    rows = [*(_row(each) for each in group.members), *(_row(each) for each in group.beside)]
    chart = level_chart(
        f"forest-{group.identity}",
        heading,
        rows,
        lambda value: words.amount(value, group.scale, signed=True),
        on_axis=lambda value: _tick(value, group.scale),
        base=group.scale.nothing,
        source="; ".join(dict.fromkeys(each.source for each in group.members)),
    )
    return Forest(
        heading[:1].upper() + heading[1:],
        _sentence(group),
        chart,
        _mean(group),
        [words.reason(each) for each in group.refusals],
        format_html('<span lang="und">{}</span>', chart.source),
    )


def _row(effect: PublishedEffect) -> Level:
    ends = interval_of(effect)
    if ends is not None:
        said = _("%(low)s to %(high)s") % {
            "low": words.amount(ends[0], effect.scale, signed=True),
            "high": words.amount(ends[1], effect.scale, signed=True),
        }
        said = _("95 %% interval %(between)s") % {"between": said}
    elif effect.value_to is not None:
        ends = (effect.value or 0.0, effect.value_to)
        said = _("range of estimates %(between)s") % {"between": words.figure(effect)}
    else:
        said = _("no interval stated")
    small = _("grade %(grade)s") % {"grade": effect.grade.value}
    return Level(
        format_html(
            '<span lang="und">{}, {}</span>', effect.programme, effect.measured or effect.years
        ),
        addresses.effect(effect.identity),
        effect.middle or 0.0,
        "reported" if effect.standard_error is not None else "bare",
        small,
        None if ends is None else ends[0],
        None if ends is None else ends[1],
        said,
        shown=words.figure(effect),
        kind="traded" if effect.grade.is_causal else "local",
    )


def _tick(value: float, scale: FactScale) -> str:
    if abs(value) >= 1000:
        return figures.signed_short(int(value))
    return number(f"{value:g}".replace("-", figures.MINUS))


def _sentence(group: Group) -> str:
    members = group.members
    above = sum((each.middle or 0.0) > group.scale.nothing for each in members)
    values = {
        "count": figures.whole(len(members)),
        "programmes": figures.whole(group.programmes),
        "above": figures.whole(above),
    }
    text = _(
        "Causal estimates: %(count)s, of independent programmes: %(programmes)s; above no change: "
        "%(above)s."
    )
    return text % values


def _mean(group: Group) -> str:
    mean = group.pooled
    if mean is None:
        return ""
    values = {
        "mean": words.amount(mean.mean, group.scale, signed=True),
        "low": words.amount(mean.low, group.scale, signed=True),
        "high": words.amount(mean.high, group.scale, signed=True),
        "share": figures.percent(mean.inconsistency),
    }
    text = _(
        "Mean %(mean)s (95 %% interval %(low)s to %(high)s); not chance: %(share)s of the variance "
        "(I\u00b2)."
    )
    said = text % values
    if mean.prediction_low is None or mean.prediction_high is None:
        return said
    ahead = _("A further programme of this kind would lie between %(low)s and %(high)s.") % {
        "low": words.amount(mean.prediction_low, group.scale, signed=True),
        "high": words.amount(mean.prediction_high, group.scale, signed=True),
    }
    return f"{said} {ahead}"
