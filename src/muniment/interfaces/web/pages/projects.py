"""Projects: how each stands by its last update, and updating one."""

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path, reverse

from muniment.domain.portfolio.updates import RAGS, project_updates_known
from muniment.installation.input_limits import LONGEST_LABEL, LONGEST_PROSE
from muniment.installation.viewer import Viewer
from muniment.interfaces.web.access import contract_page
from muniment.interfaces.web.command_pages import CommandForm, CommandPage, command_page
from muniment.interfaces.web.fields import DayField
from muniment.interfaces.web.pages.results import TypedField


@contract_page()
def projects_page(request: HttpRequest, viewer: Viewer) -> HttpResponse:
    """In the order of priority, each with its rating before."""
    standing = {found.project: found for found in project_updates_known(viewer.record)}
    listed = sorted(viewer.opened.followed.projects.items(), key=lambda item: (item[1].priority, item[0]))
    ratings = [standing[name].latest.updated.rag for name, _ in listed if name in standing]
    context = {
        "title": ", ".join(f"{ratings.count(rag)} {rag}" for rag in RAGS if rag in ratings)
        or "No project has a rating",
        "section": "projects",
        "crumbs": [{"text": "Projects"}],
        "viewer": viewer,
        "listed": [(name, text, standing.get(name)) for name, text in listed],
    }
    return render(request, "projects/all.html", context)


class UpdateForm(CommandForm):
    as_at = DayField(label="As at")
    rag = forms.ChoiceField(
        label="Delivery confidence",
        widget=forms.RadioSelect,
        choices=tuple((rag, rag.capitalize()) for rag in RAGS),
        error_messages={"required": "Choose a rating"},
    )
    stage = forms.CharField(label="Stage", max_length=LONGEST_LABEL)
    why = forms.CharField(
        label="Why it is rated so", widget=forms.Textarea(attrs={"rows": 4}), max_length=LONGEST_PROSE
    )
    path_to_green = forms.CharField(
        label="The way back to green",
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=LONGEST_PROSE,
    )
    typed = TypedField()


@contract_page(command="update_project")
def update_project_page(request: HttpRequest, viewer: Viewer, project: str) -> HttpResponse:
    listed = viewer.opened.followed.projects
    if project not in listed:
        raise Http404
    before = next((found for found in project_updates_known(viewer.record) if found.project == project), None)

    here = reverse("projects", args=[viewer.contract])
    return command_page(
        request,
        viewer,
        CommandPage(
            title=f"Update {listed[project].title}",
            command="update_project",
            thing=f"{viewer.contract}/projects/{project}",
            form=UpdateForm,
            given={"project": project},
            button="Record the update",
            done=here,
            said=f"The update of {listed[project].title} is recorded.",
            back=here,
            initial={"as_at": viewer.today, **({"stage": before.latest.updated.stage} if before else {})},
            happens=("The rating before stays in the record, and the board report shows both.",),
            about={"section": "projects", "crumbs": [{"text": "Projects", "href": here}, {"text": "Update"}]},
        ),
    )


routes = [
    path("contracts/<slug:contract>/projects", projects_page, name="projects"),
    path("contracts/<slug:contract>/projects/<str:project>/update", update_project_page, name="update_project"),
]
