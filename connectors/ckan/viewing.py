"""Gives the files on a CKAN the views that they lack; views that others made are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from connectors.ckan.client import Ckan
from connectors.ckan.customs import Customs
from connectors.ckan.ids import resource_id
from connectors.ckan.views import View, wanted_views
from connectors.portal import Page


@dataclass(slots=True)
class Viewing:
    """The views of one dataset's newest files; `home` is the static portal's public address.

    A resource has one view of each type: CKAN lets no editor give a view an id.
    """

    ckan: Ckan
    page: Page
    home: str | None
    customs: Customs

    def bring(self, *, new: bool = False) -> None:
        """Make the views that are missing, and put right those whose settings are others.

        A type of view that is not switched on in that CKAN is left out. `new` tells that nothing of
        the dataset stood before.
        """
        for resource, form, views in self._wanted():
            shown = self.customs.views(self.ckan, (resource, form), new=new)
            for view in views:
                self._bring(resource, view, [v for v in shown if v["view_type"] == view.view_type])

    def _wanted(self) -> Iterator[tuple[str, str, tuple[View, ...]]]:
        owner, name = self.page.municipality.number, self.page.contract.name
        for resource in self.page.newest.resources:
            views = wanted_views(self.page, resource, self.home)
            if views:
                yield resource_id(owner, name, resource.name), resource.format, views

    def _bring(self, resource: str, view: View, shown: Sequence[Mapping[str, Any]]) -> None:
        told = {"view_type": view.view_type, "title": view.title, **view.settings}
        if not shown and view.view_type in self.customs.plugins(self.ckan):
            self.ckan.ask("resource_view_create", {"resource_id": resource, **told})
        elif shown and any(shown[0].get(key) != value for key, value in view.settings.items()):
            self.ckan.ask("resource_view_update", {**shown[0], **told})
