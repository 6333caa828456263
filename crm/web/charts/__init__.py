"""Shapes of the charts that templates draw as SVG: numbers in, coordinates out. No texts, no colours.

Each shape has one template in templates/web/charts, which shows its numbers as a table as well.
"""

from crm.web.charts.bars import Bar, Bars, bars
from crm.web.charts.counts import Count, counts
from crm.web.charts.curve import Curve, Mark, curve
from crm.web.charts.frame import BOTTOM, HEIGHT, LEFT, RIGHT, TOP, WIDTH, Tick
from crm.web.charts.funnel import Funnel, Step, funnel
from crm.web.charts.heat import HeatCell, HeatTable, heat, heat_table
from crm.web.charts.lines import Line, Lines, Series, lines
from crm.web.charts.sparkline import Sparkline, sparkline
from crm.web.charts.stack import Layer, Stack, stack

__all__ = [
    "BOTTOM",
    "HEIGHT",
    "LEFT",
    "RIGHT",
    "TOP",
    "WIDTH",
    "Bar",
    "Bars",
    "Count",
    "Curve",
    "Funnel",
    "HeatCell",
    "HeatTable",
    "Layer",
    "Line",
    "Lines",
    "Mark",
    "Series",
    "Sparkline",
    "Stack",
    "Step",
    "Tick",
    "bars",
    "counts",
    "curve",
    "funnel",
    "heat",
    "heat_table",
    "lines",
    "sparkline",
    "stack",
]
