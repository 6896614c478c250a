"""Paints a song as a card with its cover, or as a row of a list."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import (
    QAbstractItemModel,
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QPointF,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QMouseEvent, QPainter, QPainterPath, QPen
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from grammy_desktop.jobs import JobSnapshot
from grammy_desktop.library import TrackRecord
from grammy_desktop.ui.covers import CoverStore, spec_of
from grammy_desktop.ui.formats import NBSP, NOTHING, key_name, length, tempo_text
from grammy_desktop.ui.library.tracks_model import JOB_ROLE, TRACK_ROLE
from grammy_desktop.ui.stages import stage_words
from grammy_desktop.ui.theme import Theme

GAP = 14
COVER_SHARE = 0.635
TEXT_HEIGHT = 72
ROW_HEIGHT = 44
_DISC = 36

Index = QModelIndex | QPersistentModelIndex


class CardDelegate(QStyledItemDelegate):
    """`play` asks to hear a song (a click on the disc)."""

    play = Signal(str)

    def __init__(
        self, theme: Theme, covers: CoverStore, genre_name: Callable[[str], str], parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._theme, self._covers, self._genre_name = theme, covers, genre_name
        self.card_width = 204
        self.as_list = False
        self.playing: str | None = None

    @property
    def cover_height(self) -> int:
        return round(self.card_width * COVER_SHARE)

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        if self.as_list:
            return QSize(400, self._theme.row(ROW_HEIGHT))
        return QSize(self.card_width + GAP, self.cover_height + self._theme.row(TEXT_HEIGHT) + GAP)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        track = index.data(TRACK_ROLE)
        if not isinstance(track, TrackRecord):
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        state = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        rect = QRectF(option.rect)
        if self.as_list:
            self._paint_row(painter, rect, track, chosen, hovered)
        else:
            box = QRectF(rect.left(), rect.top(), self.card_width, rect.height() - GAP)
            self._paint_card(painter, box, track, chosen)
            job = index.data(JOB_ROLE)
            if isinstance(job, JobSnapshot):
                self._paint_busy(painter, box, job)
            elif hovered or self.playing == track.id:
                self._paint_disc(painter, box, self.playing == track.id)
        painter.restore()

    def editorEvent(self, event: QEvent, model: QAbstractItemModel, option: QStyleOptionViewItem, index: Index) -> bool:
        if not self.as_list and event.type() == QEvent.Type.MouseButtonRelease and isinstance(event, QMouseEvent):
            rect = QRectF(option.rect)
            disc = self._disc(QRectF(rect.left(), rect.top(), self.card_width, rect.height() - GAP))
            track = index.data(TRACK_ROLE)
            if disc.contains(event.position()) and isinstance(track, TrackRecord):
                self.play.emit(track.id)
                return True
        return super().editorEvent(event, model, option, index)

    def _paint_card(self, painter: QPainter, box: QRectF, track: TrackRecord, chosen: bool) -> None:
        theme = self._theme
        frame = box.adjusted(0.5, 0.5, -0.5, -0.5)
        clip = QPainterPath()
        clip.addRoundedRect(frame, 10, 10)
        painter.fillPath(clip, theme.color("raised"))
        ratio = painter.device().devicePixelRatioF()
        cover = self._covers.pixmap(spec_of(track), int(box.width()), self.cover_height, ratio=ratio)
        painter.setClipPath(clip)
        painter.drawPixmap(QPointF(box.left(), box.top()), cover)
        painter.setClipping(False)
        if not track.sellable and track.status == "completed":
            self._paint_badge(painter, box)
        border = QPen(theme.color("accent_text"), 2) if chosen else QPen(theme.color("line"), 1)
        painter.setPen(border)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(frame.adjusted(0.5, 0.5, -0.5, -0.5) if chosen else frame, 10, 10)
        left, width = box.left() + 12, box.width() - 24
        top = box.top() + self.cover_height + 9
        score = NOTHING if track.score is None else str(round(track.score))
        self._text(painter, QRectF(left + width - 30, top, 30, 18), score, "body_bold", "accent_text", right=True)
        self._text(painter, QRectF(left, top, width - 34, 18), track.title, "body_bold", "text")
        self._text(painter, QRectF(left, top + 18, width, 16), self._genre_name(track.genre), "caption", "text_2")
        facts = f"{tempo_text(track.tempo)}{NBSP * 3}{key_name(track.key)}"
        self._text(painter, QRectF(left, top + 36, width - 40, 16), facts, "caption", "text_3")
        self._text(
            painter,
            QRectF(left + width - 40, top + 36, 40, 16),
            length(track.duration),
            "caption",
            "text_3",
            right=True,
        )

    def _paint_row(self, painter: QPainter, rect: QRectF, track: TrackRecord, chosen: bool, hovered: bool) -> None:
        theme = self._theme
        box = rect.adjusted(0, 1, 0, -1)
        if chosen or hovered:
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(theme.color("accent_soft" if chosen else "raised"))
            painter.drawRoundedRect(box, 6, 6)
        ratio = painter.device().devicePixelRatioF()
        painter.drawPixmap(
            QPointF(box.left() + 8, box.top() + (box.height() - 32) / 2),
            self._covers.pixmap(spec_of(track), 32, 32, ratio=ratio, radius=4),
        )
        x, width = box.left() + 52, box.width() - 60
        cells = (
            (0.00, 0.34, track.title, "body_medium", "text"),
            (0.36, 0.20, self._genre_name(track.genre), "small", "text_2"),
            (0.57, 0.11, tempo_text(track.tempo), "small", "text_2"),
            (0.69, 0.13, key_name(track.key), "small", "text_2"),
            (0.83, 0.08, length(track.duration), "small", "text_2"),
        )
        for start, share, text, role, token in cells:
            self._text(painter, QRectF(x + width * start, box.top(), width * share, box.height()), text, role, token)
        score = NOTHING if track.score is None else str(round(track.score))
        end = QRectF(x + width * 0.92, box.top(), width * 0.08 - 4, box.height())
        self._text(painter, end, score, "body_bold", "accent_text", right=True)

    def _paint_badge(self, painter: QPainter, box: QRectF) -> None:
        theme = self._theme
        painter.setFont(theme.font("caption_medium"))
        width = painter.fontMetrics().horizontalAdvance("Not for sale") + 32
        badge = QRectF(box.left() + 8, box.top() + 8, width, 20)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(theme.color("window"))
        painter.drawRoundedRect(badge, 4, 4)
        icon = theme.pixmap("shield-alert", 12, "warn", ratio=painter.device().devicePixelRatioF())
        painter.drawPixmap(QPointF(badge.left() + 7, badge.top() + 4), icon)
        self._text(painter, badge.adjusted(24, 0, 0, 0), "Not for sale", "caption_medium", "warn")

    def _paint_busy(self, painter: QPainter, box: QRectF, job: JobSnapshot) -> None:
        theme = self._theme
        cover = QRectF(box.left() + 1, box.top() + 1, box.width() - 2, self.cover_height - 1)
        painter.fillRect(cover, theme.color("window", 0.65))
        words = f"{stage_words(job.stage)} · {round(job.fraction * 100)}{NBSP}%" if job.started else "Waiting"
        painter.setFont(theme.font("small_bold"))
        painter.setPen(theme.color("text"))
        painter.drawText(cover.adjusted(0, -12, 0, -12), Qt.AlignmentFlag.AlignCenter, words)
        bar = QRectF(cover.center().x() - 48, cover.center().y() + 4, 96, 4)
        painter.fillRect(bar, theme.color("control_hover"))
        painter.fillRect(QRectF(bar.left(), bar.top(), bar.width() * job.fraction, 4), theme.color("accent_text"))

    def _disc(self, box: QRectF) -> QRectF:
        return QRectF(box.right() - _DISC - 8, box.top() + self.cover_height - _DISC - 8, _DISC, _DISC)

    def _paint_disc(self, painter: QPainter, box: QRectF, playing: bool) -> None:
        disc = self._disc(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("text"))
        painter.drawEllipse(disc)
        name = "pause" if playing else "play"
        icon = self._theme.pixmap(name, 16, "window", ratio=painter.device().devicePixelRatioF(), filled=True)
        painter.drawPixmap(QPointF(disc.left() + 10 + (0 if playing else 1), disc.top() + 10), icon)

    def _text(self, painter: QPainter, box: QRectF, text: str, role: str, token: str, *, right: bool = False) -> None:
        painter.setFont(self._theme.font(role))
        painter.setPen(self._theme.color(token))
        shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(box.width()) + 1)
        side = Qt.AlignmentFlag.AlignRight if right else Qt.AlignmentFlag.AlignLeft
        painter.drawText(box, side | Qt.AlignmentFlag.AlignVCenter, shown)
