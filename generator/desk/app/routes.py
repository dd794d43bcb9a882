"""Every address of the app: what it does, and who may ask it."""

from generator.desk.app import actions, bulk, log, login, names, page_view, prices, queue
from generator.desk.app.guard import Public, Rule

_SLUG = r"(?P<slug>[\w.-]+(?:/[\w.-]+)*)"

PUBLIC = (
    Public("GET", "/login", login.show),
    Public("POST", "/login", login.send),
    Public("GET", r"(?:/[\w/.-]*)?/assets/(?P<name>[\w.-]+)", login.site_asset),
    Public("GET", r"/desk-assets/(?P<name>[\w-]+\.(?:css|js))", login.desk_asset),
)
RULES = (
    Rule("GET", "/", queue.show),
    Rule("GET", f"/page/{_SLUG}", page_view.show),
    Rule("GET", f"/draft/{_SLUG}", page_view.framed),
    Rule("POST", "/check", page_view.check, uses_form=False),
    Rule("POST", f"/approve/{_SLUG}", actions.approve, "reviewer"),
    Rule("POST", f"/request-changes/{_SLUG}", actions.request_changes, "reviewer"),
    Rule("POST", f"/reject/{_SLUG}", actions.reject, "reviewer"),
    Rule("POST", f"/submit/{_SLUG}", actions.submit),
    Rule("POST", f"/edit/{_SLUG}", actions.edit),
    Rule("POST", f"/publish/{_SLUG}", actions.publish),
    Rule("POST", f"/schedule/{_SLUG}", actions.schedule),
    Rule("POST", f"/unpublish/{_SLUG}", actions.unpublish),
    Rule("POST", f"/rollback/{_SLUG}", actions.rollback),
    Rule("POST", f"/restore/{_SLUG}", actions.restore),
    Rule("POST", f"/archive/{_SLUG}", actions.archive),
    Rule("POST", f"/take/{_SLUG}", actions.take),
    Rule("POST", f"/comment/{_SLUG}", actions.comment),
    Rule("GET", "/together", bulk.show),
    Rule("POST", "/together", bulk.approve, "reviewer"),
    Rule("GET", r"/price/(?P<number>\d{1,9})", prices.show),
    Rule("POST", r"/price/(?P<number>\d{1,9})", prices.decide),
    Rule("GET", r"/answer/(?P<hash>[0-9a-f]{6,64})", prices.answer),
    Rule("POST", "/names", names.map_name),
    Rule("GET", "/log", log.show),
    Rule("POST", "/logout", login.leave),
)
