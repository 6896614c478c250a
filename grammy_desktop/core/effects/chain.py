"""An effect of a chain, checked against the table of effects."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace

from grammy_desktop.core.effects.specs import EFFECTS
from grammy_desktop.core.errors import UserError
from grammy_desktop.core.plugins.choice import PluginChoice

PLUGIN_KIND = "vst3"
"""The kind that is not in the table: its parameters are those of a plug-in, by the names `plugins.read_plugin` gives."""


@dataclass(frozen=True)
class Effect:
    """One link of a chain. `parameters` that are left out take the table's defaults (`specs.EFFECTS`), or the plug-in's.

    plugin: for the kind "vst3".
    """

    kind: str
    parameters: Mapping[str, float] = field(default_factory=dict)
    plugin: PluginChoice | None = None

    def values(self) -> dict[str, float]:
        """Every parameter's value; of a plug-in those that are set. Raises UserError as `check_chain`."""
        check_chain([self])
        if self.kind == PLUGIN_KIND:
            return {name: float(value) for name, value in self.parameters.items()}
        specs = EFFECTS[self.kind].parameters
        return {name: float(self.parameters.get(name, spec.default)) for name, spec in specs.items()}

    def scaled(self, intensity: float) -> Effect:
        """The same effect at `intensity` 0 (does nothing) to 1 (as written); of a plug-in less is heard."""
        values = self.values()
        if self.plugin is not None:
            return replace(self, plugin=replace(self.plugin, amount=self.plugin.amount * intensity))
        specs = EFFECTS[self.kind].parameters
        return Effect(self.kind, {name: specs[name].scaled(value, intensity) for name, value in values.items()})


def check_chain(chain: Iterable[Effect], where: str = "") -> None:
    """Raise UserError naming the first unknown kind or parameter, or the value out of range; `where` is the file."""
    prefix = f"“{where}”: " if where else ""
    for effect in chain:
        if effect.kind == PLUGIN_KIND:
            _check_plugin(effect, prefix)
            continue
        if effect.kind not in EFFECTS:
            kinds = ", ".join([*EFFECTS, PLUGIN_KIND])
            raise UserError(f"{prefix}there is no effect “{effect.kind}”; there are {kinds}.")
        if effect.plugin is not None:
            raise UserError(f"{prefix}the effect “{effect.kind}” has no plug-in; “{PLUGIN_KIND}” has.")
        specs = EFFECTS[effect.kind].parameters
        for name, value in effect.parameters.items():
            if name not in specs:
                known = ", ".join(specs)
                raise UserError(f"{prefix}the effect “{effect.kind}” has no parameter “{name}”; it has {known}.")
            spec = specs[name]
            if not spec.lowest <= value <= spec.highest:
                span = f"{spec.lowest:g} to {spec.highest:g} {spec.unit}".rstrip()
                raise UserError(f"{prefix}“{name}” of the effect “{effect.kind}” is {value:g}; it may be {span}.")


def _check_plugin(effect: Effect, prefix: str) -> None:
    if effect.plugin is None or not effect.plugin.path:
        raise UserError(
            f"{prefix}an effect “{PLUGIN_KIND}” needs a “plugin”: a .vst3 file or the name of an installed one."
        )
    if not 0 <= effect.plugin.amount <= 1:
        raise UserError(
            f"{prefix}“amount” of the effect “{PLUGIN_KIND}” is {effect.plugin.amount:g}; it may be 0 to 1."
        )
