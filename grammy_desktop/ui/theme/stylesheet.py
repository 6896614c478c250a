"""The QSS of every plain widget, written from the colour table.

Widgets are addressed by dynamic properties: `kind` (primary, control, outline, ghost, link, tool), `surface` (panel,
raised, well, window) and `bulk` (big, card). Fonts are set by the widgets: QSS fonts would drop tabular figures.
"""

from __future__ import annotations

from string import Template

_QSS = """
QMainWindow, QDialog, QWidget[surface="window"] { background: $window; }
QWidget[surface="panel"] { background: $panel; }
QWidget[surface="raised"] { background: $raised; border: 1px solid $line; border-radius: 10px; }
QFrame[surface="card"] { background: $raised; border: 1px solid $card_line; border-radius: 8px; }
QFrame[surface="well"] { background: $well; border: 1px solid $line; border-radius: 8px; }
QFrame[surface="well"][focused="true"] { border: 2px solid $focus; }
QFrame[surface="hero"] { background: $panel; border: 1px solid $line_strong; border-radius: 12px; }
QFrame[surface="hero"][focused="true"] { border: 2px solid $focus; }
QFrame[surface="clear"], QScrollArea, QScrollArea > QWidget > QWidget[surface="clear"] { background: transparent;
  border: none; }
QSplitter::handle { background: $line; }
QSplitter::handle:hover { background: $line_strong; }
QFrame[line="true"] { background: $line; border: none; }

QPushButton { border: 1px solid transparent; border-radius: 6px; padding: 0 12px; min-height: ${row}px;
  max-height: ${row}px; }
QPushButton[bulk="card"] { min-height: ${card}px; max-height: ${card}px; padding: 0 9px; }
QPushButton[bulk="big"] { min-height: ${big}px; max-height: ${big}px; border-radius: 8px; padding: 0 16px; }
QPushButton[kind="control"] { background: $control; color: $text; }
QPushButton[kind="control"]:hover { background: $control_hover; }
QPushButton[kind="control"]:pressed { background: $raised; }
QPushButton[kind="primary"] { background: $accent; color: $on_accent; }
QPushButton[kind="primary"]:hover { background: $accent_hover; }
QPushButton[kind="primary"]:pressed { background: $accent_press; }
QPushButton[kind="primary"]:disabled { background: $control; color: $text_disabled; }
QPushButton[kind="outline"] { background: transparent; border-color: $line_strong; color: $text; }
QPushButton[kind="outline"]:hover { background: $control; }
QPushButton[kind="field"] { background: $well; border: 1px solid $line; color: $text; text-align: left;
  padding: 0 10px; }
QPushButton[kind="field"]:hover { border-color: $line_strong; }
QPushButton[kind="pill"] { background: $well; border: 1px solid $line; border-radius: 8px; padding: 0 10px;
  color: $text_2; }
QPushButton[kind="pill"]:hover { background: $raised; color: $text; }
QPushButton[kind="ghost"] { background: transparent; color: $text_2; }
QPushButton[kind="ghost"]:hover { background: $control; color: $text; }
QPushButton[kind="link"] { background: transparent; color: $accent_text; padding: 0 4px; }
QPushButton[kind="link"]:hover { background: $accent_soft; }
QPushButton[kind="sellable"] { background: transparent; border-color: $ok; color: $ok; }
QPushButton[kind="unsellable"] { background: transparent; border-color: $warn; color: $warn; }
QPushButton[kind="row"] { background: transparent; color: $text_2; text-align: left; padding: 0 10px; }
QPushButton[kind="row"]:hover { background: $raised; color: $text; }
QPushButton[kind="row"]:checked { background: $accent_soft; color: $accent_text; }
QPushButton[token_chip="true"] { background: $accent_soft; color: $accent_text; border-radius: 4px; padding: 0 6px;
  min-height: 20px; max-height: 20px; }
QPushButton:disabled { color: $text_disabled; }
QPushButton::menu-indicator { image: none; width: 0; }

QToolButton { background: transparent; border: 1px solid transparent; border-radius: 6px; padding: 0;
  color: $text_2; }
QToolButton:hover { background: $control; color: $text; }
QToolButton:pressed { background: $raised; }
QToolButton:checked { background: $control; color: $text; }
QToolButton[kind="accent"]:checked { background: $accent_soft; color: $accent_text; }
QToolButton[kind="segment"] { padding: 0 10px; border-radius: 6px; min-height: 24px; }
QToolButton[kind="segment"]:hover { background: $raised; }
QToolButton[kind="segment"]:checked { background: $control; color: $text; }
QToolButton[kind="mute"]:checked { background: transparent; border-color: $warn; color: $warn; }
QToolButton[kind="solo"]:checked { background: $accent; color: $on_accent; }
QToolButton:disabled { color: $text_disabled; }
QToolButton::menu-indicator { image: none; width: 0; }

QLineEdit, QPlainTextEdit, QSpinBox, QDoubleSpinBox {
  background: $well; border: 1px solid $line_strong; border-radius: 8px; padding: 0 10px; color: $text;
  selection-background-color: $focus; selection-color: $window; }
QLineEdit, QSpinBox, QDoubleSpinBox { min-height: ${row}px; max-height: ${row}px; }
QPlainTextEdit { padding: 7px 5px; }
QLineEdit:focus, QPlainTextEdit:focus, QSpinBox:focus, QDoubleSpinBox:focus { border: 2px solid $focus;
  padding: 0 9px; }
QPlainTextEdit:focus { padding: 6px 4px; }
QLineEdit[kind="bare"], QPlainTextEdit[kind="bare"] { background: transparent; border: none; padding: 0;
  min-height: 20px; }
QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button { width: 0;
  border: none; }
QCheckBox { spacing: 8px; color: $text; }
QCheckBox::indicator { width: 16px; height: 16px; border: 1px solid $line_strong; border-radius: 4px;
  background: $well; }
QCheckBox::indicator:checked { background: $accent; border-color: $accent_text; }

QScrollArea { background: transparent; border: none; }
QScrollBar:vertical { background: transparent; width: 10px; margin: 0; }
QScrollBar:horizontal { background: transparent; height: 10px; margin: 0; }
QScrollBar::handle { background: $control_hover; border-radius: 3px; margin: 2px; }
QScrollBar::handle:vertical { min-height: 32px; }
QScrollBar::handle:horizontal { min-width: 32px; }
QScrollBar::handle:hover { background: $line_strong; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }

QSlider::groove:horizontal { height: 4px; background: $control; border-radius: 2px; }
QSlider::sub-page:horizontal { height: 4px; background: $accent_text; border-radius: 2px; }
QSlider::handle:horizontal { width: 14px; height: 14px; margin: -5px 0; border-radius: 7px; background: $text; }
QSlider::sub-page:horizontal:disabled { background: $text_disabled; }
QSlider::handle:horizontal:disabled { background: $text_disabled; }

QMenu { background: $raised; border: 1px solid $line; border-radius: 10px; padding: 6px; }
QMenu::item { padding: 6px 16px 6px 12px; border-radius: 6px; color: $text; }
QMenu::item:selected { background: $accent_soft; }
QMenu::item:disabled { color: $text_disabled; }
QMenu::separator { height: 1px; background: $line; margin: 6px 4px; }
QMenu::icon { padding-left: 8px; }
QLabel[kind="key"] { background: $control; color: $text_2; border-radius: 4px; padding: 1px 5px; }
QLabel[kind="key_on_accent"] { background: rgba(28,19,3,0.22); color: $on_accent; border-radius: 4px;
  padding: 1px 5px; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px 6px; }
QListWidget, QListView, QTreeView, QTableView { background: transparent; border: none; outline: none; }
QTableView { gridline-color: $line; }
QHeaderView::section { background: $panel; color: $text_2; border: none; border-bottom: 1px solid $line;
  padding: 4px 8px; }
QTabWidget::pane { border: none; }
QTabBar::tab { background: transparent; color: $text_2; padding: 6px 12px; border-radius: 6px; }
QTabBar::tab:selected { background: $control; color: $text; }
"""


def build_stylesheet(colours: dict[str, str], scale: float) -> str:
    """The application's QSS for one colour table; `scale` grows the 26, 30 and 40 px rows."""
    rows = {name: str(max(size, round(size * scale)) - 2) for name, size in (("card", 26), ("row", 30), ("big", 40))}
    light = colours["window"] > "#8"
    rows["card_line"] = colours["line"] if light else "transparent"
    tokens = "\n".join(f'QLabel[token="{t}"] {{ color: {c}; }}' for t, c in colours.items())
    return tokens + Template(_QSS).substitute(colours | rows)
