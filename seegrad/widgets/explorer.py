"""The explorer: controls to turn, and what real runs gave for every setting of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import traitlets

from seegrad.language import say, say_count, sentences
from seegrad.widgets.shown import Shown
from seegrad.widgets.still import still

TOLD = 6
"""The text form tells what this many settings show, spread over all of them."""

HEAD_OF_ONE, HEAD = "Explorer: {count} setting", "Explorer: {count} settings"
TITLED = "{head}, {title}"
COMMA = ", "
CONTROLS = {
    "choice": "  {label}: choice of {texts}",
    "switch": "  {label}: switch",
    "arrow": "  {label}: arrow over {count} grid points from {first} to {last}",
}
ONE = {
    "slider": "  {label}: slider, one value, {first}",
    "edges": "  a switch on one edge: {names}",
    "buttons": "  {label}: press {names}, once",
}
MANY = {
    "slider": "  {label}: slider, {count} values from {first} to {last}",
    "edges": "  a switch on each of {count} edges: {names}",
    "buttons": "  {label}: press {names} in any order, up to {count} times",
}
SETTING = "  {setting} → {says}"
SETTINGS = {"edges": "  {says}", "buttons": "  after {setting}: {says}"}
ONE_MORE, MORE = "  … and {count} more setting", "  … and {count} more settings"
ERROR = "  {line} after {state} → {error}"


class Explorer(Shown, front="explorer"):
    """Shows controls and the panels of one setting; made by `explore`, `bench`, `switchboard`.

    Args:
        controls: descriptions of the controls, as `seegrad.explore` makes them.
        frames: what each setting shows; the last control varies fastest.
        title: a heading.
        pictures: the still picture of the trace in each setting, None where there is none.

    Attributes:
        setting: which setting is shown, from 0 to `count - 1`. Synced: it can be observed
            and linked, and with one slider it is the position of the slider.
        step: how many steps of the shown trace are done, 0 where there is no trace. Synced.
        value: the same setting as text by the name of the control, `{"a": "300"}`; set it
            to choose by value. It makes an explorer one of the controls that
            `ipywidgets.interactive_output` takes.
    """

    _data = traitlets.Dict().tag(sync=True)
    setting = traitlets.Int(0).tag(sync=True)
    step = traitlets.Int(0).tag(sync=True)
    value = traitlets.Dict()

    def __init__(
        self,
        controls: Sequence[dict[str, Any]],
        frames: Sequence[dict[str, Any]],
        *,
        title: str = "",
        pictures: Sequence[str | None] = (),
        **kwargs: Any,
    ) -> None:
        self._steps = [_steps(f) for f in frames]
        self._says = [sentences((f["say"], f["refused"])) for f in frames]
        self._views = [f["views"] for f in frames]
        self._pictures = pictures or [None] * len(frames)
        pool, roots = pack(list(frames))
        data = {"title": title, "controls": list(controls), "pool": pool, "frames": roots}
        start = 0
        for c in controls:
            start = start * len(c["texts"]) + c["start"]
        super().__init__(_data=data, setting=start, value=_named(controls, start), **kwargs)

    @property
    def count(self) -> int:
        """How many settings there are."""
        return len(self._says)

    @traitlets.validate("setting")
    def _valid_setting(self, proposal: dict[str, Any]) -> int:
        if not 0 <= proposal["value"] < self.count:
            raise traitlets.TraitError(
                say(
                    "setting is {setting}, but this explorer has settings 0 to {last}",
                    setting=proposal["value"],
                    last=self.count - 1,
                )
            )
        return proposal["value"]

    @traitlets.validate("step")
    def _valid_step(self, proposal: dict[str, Any]) -> int:
        last = self._steps[self.setting]
        if not 0 <= proposal["value"] <= last:
            raise traitlets.TraitError(
                say(
                    "step is {step}, but the trace of this setting has steps 0 to {last}",
                    step=proposal["value"],
                    last=last,
                )
            )
        return proposal["value"]

    @traitlets.validate("value")
    def _valid_value(self, proposal: dict[str, Any]) -> dict[str, str]:
        given = {k: str(v) for k, v in proposal["value"].items()}
        names = [c["name"] for c in self._data["controls"]]
        for control in self._data["controls"]:
            if given.get(control["name"]) not in control["texts"]:
                raise traitlets.TraitError(
                    say(
                        "value is {given}, expected one known value for each of {names}",
                        given=given,
                        names=", ".join(names),
                    )
                )
        return {name: given[name] for name in names}

    @traitlets.observe("setting")
    def _follow_setting(self, change: Any) -> None:
        was_last = self._steps[change.old] if isinstance(change.old, int) else 0
        last = self._steps[change.new]
        if self.step > last or (was_last and self.step == was_last):
            self.step = last
        self.value = _named(self._data["controls"], change.new)

    @traitlets.observe("value")
    def _follow_value(self, change: Any) -> None:
        at = 0
        for c in self._data["controls"]:
            at = at * len(c["texts"]) + c["texts"].index(change.new[c["name"]])
        self.setting = at

    def text(self) -> str:
        """Return the controls, and what some of the settings show."""
        controls = self._data["controls"]
        title = self._data["title"]
        head = say_count(HEAD_OF_ONE, HEAD, count=self.count)
        rows = [say(TITLED, head=head, title=title) if title else head]
        rows += map(_described, controls)
        shown = self._told()
        for i in shown:
            named = say(COMMA).join(f"{k} = {v}" for k, v in _named(controls, i).items())
            form = SETTINGS.get(controls[0]["kind"], SETTING)
            rows.append(say(form, setting=named.removeprefix("state = "), says=self._says[i]))
        if self.count > len(shown):
            rows.append(say_count(ONE_MORE, MORE, count=self.count - len(shown)))
        raised = _raised(controls)
        rows += [say(ERROR, line=line, state=state, error=said) for line, state, said in raised]
        return "\n".join(rows)

    def _told(self) -> list[int]:
        """Return the settings of which the text form tells."""
        edges = self._data["controls"][0].get("names", ())
        if self._data["controls"][0]["kind"] == "edges":
            return [0, *(1 << k for k in range(len(edges))), self.count - 1]
        return sorted({round(k * (self.count - 1) / (TOLD - 1)) for k in range(TOLD)})

    def svg(self) -> str | None:
        """Return a standalone picture of what this setting shows, None if that is all words."""
        i = self.setting
        return still(self._views[i], self._pictures[i], self._says[i])

    def __repr__(self) -> str:
        return f"Explorer(settings={self.count}, setting={self.setting})"


def _described(control: dict[str, Any]) -> str:
    kind, texts, names = control["kind"], control["texts"], control.get("names", ())
    known = {
        "label": control["label"], "first": texts[0], "last": texts[-1],
        "texts": say(COMMA).join(texts), "names": " | ".join(names),
    }  # fmt: skip
    if kind in CONTROLS:
        return say(CONTROLS[kind], count=len(texts), **known)
    count = {"slider": len(texts), "edges": len(names), "buttons": control.get("depth")}[kind]
    return say_count(ONE[kind], MANY[kind], count=count, **known)


def _raised(controls: Sequence[dict[str, Any]]) -> list[tuple[str, str, str]]:
    """Return each line on a bench that can raise, where it first does, and what it raises."""
    found = {}
    for c in controls:
        for state, errors in zip(c["texts"], c.get("errors", ()), strict=False):
            for line, error in zip(c["names"], errors, strict=True):
                if error is not None:
                    found.setdefault((line, error), (line, state, error))
    return list(found.values())


def _steps(frame: dict[str, Any]) -> int:
    return next((len(v["steps"]) for v in frame["views"] if v["kind"] == "trace"), 0)


def _named(controls: Sequence[dict[str, Any]], setting: int) -> dict[str, str]:
    named = {}
    for c in reversed(controls):
        setting, k = divmod(setting, len(c["texts"]))
        named[c["name"]] = c["texts"][k]
    return dict(reversed(named.items()))


def pack(things: list[Any]) -> tuple[list[Any], list[int]]:
    """Return JSON-safe data as a pool in which what is equal stands once, and where each is.

    An entry of the pool is a text, a list, or an object of one item: the number of the entry
    with its keys, and its values. Where a list of one number stands inside of an entry, it
    stands for the entry with that number.
    """
    pool: list[Any] = []
    places: dict[Any, int] = {}

    def place(key: Any, entry: Any) -> int:
        if key not in places:
            places[key] = len(pool)
            pool.append(entry)
        return places[key]

    def packed(v: Any) -> tuple[Any, Any]:
        """Return what stands for `v` in its container, and a key equal for equal data only."""
        if isinstance(v, str) and len(v) > SHORT:
            at = place(v, v)
        elif isinstance(v, dict):
            keys = place(("k", *v), list(v))
            inside = [packed(w) for w in v.values()]
            key = ("{", keys, *(key for _, key in inside))
            at = place(key, {str(keys): [stands for stands, _ in inside]})
        elif isinstance(v, list | tuple):
            inside = [packed(w) for w in v]
            at = place(("[", *(key for _, key in inside)), [stands for stands, _ in inside])
        else:
            return v, (type(v).__name__, v)
        return [at], ("@", at)

    return pool, [packed(thing)[0][0] for thing in things]


SHORT = 8
"""Texts up to this length are cheaper where they are than in the pool."""
