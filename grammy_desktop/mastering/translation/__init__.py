"""How a song sounds elsewhere: mono, phone, laptop, small speaker, car, earbuds, and after the services' codecs."""

from __future__ import annotations

from grammy_desktop.mastering.translation.check import DeviceResult, TranslationReport, check
from grammy_desktop.mastering.translation.devices import Device, find_device, load_devices
from grammy_desktop.mastering.translation.findings import Finding
from grammy_desktop.mastering.translation.render import Rendered, render_codec, render_translation

__all__ = [
    "Device",
    "DeviceResult",
    "Finding",
    "Rendered",
    "TranslationReport",
    "check",
    "find_device",
    "load_devices",
    "render_codec",
    "render_translation",
]
