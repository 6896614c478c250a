"""The user's VST3 plug-ins: found in the system's folders, run in a child process that may die without harm."""

from grammy_desktop.core.plugins.catalogue import PluginFile, find_plugins, plugin_folders
from grammy_desktop.core.plugins.choice import PluginChoice
from grammy_desktop.core.plugins.inspection import PluginInfo, PluginParameter, read_plugin
from grammy_desktop.core.plugins.stage import PluginStage

__all__ = [
    "PluginChoice",
    "PluginFile",
    "PluginInfo",
    "PluginParameter",
    "PluginStage",
    "find_plugins",
    "plugin_folders",
    "read_plugin",
]
