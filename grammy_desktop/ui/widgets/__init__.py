"""Small controls that every page shares: labels, buttons, selects, segments, popovers, flow layout."""

from grammy_desktop.ui.widgets.buttons import Button, IconButton, Select
from grammy_desktop.ui.widgets.check_box import CheckBox
from grammy_desktop.ui.widgets.flow import FlowLayout
from grammy_desktop.ui.widgets.labels import ElidedLabel, Keycap, Label
from grammy_desktop.ui.widgets.layout import column, hline, panel_header, row, vline
from grammy_desktop.ui.widgets.popover import Popover
from grammy_desktop.ui.widgets.segmented import Segmented

__all__ = [
    "Button",
    "CheckBox",
    "ElidedLabel",
    "FlowLayout",
    "IconButton",
    "Keycap",
    "Label",
    "Popover",
    "Segmented",
    "Select",
    "column",
    "hline",
    "panel_header",
    "row",
    "vline",
]
