"""What a run can be asked to do: `declared` has every option once, `layers` says whose value counts."""

from .declared import RunStage, Settings, Where, covers
from .layers import SettingSource, combine, from_inputs
from .option import DECLARABLE, OPTIONS, Option, input_variable
from .words import AcceptInChange, Colour, Comment, FailOn, Profile, TrialMode, Weights

__all__ = [
    "DECLARABLE",
    "OPTIONS",
    "AcceptInChange",
    "Colour",
    "Comment",
    "FailOn",
    "Option",
    "Profile",
    "RunStage",
    "SettingSource",
    "Settings",
    "TrialMode",
    "Weights",
    "Where",
    "combine",
    "covers",
    "from_inputs",
    "input_variable",
]
