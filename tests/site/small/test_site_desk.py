"""An editor's morning at the desk, and what is refused there, in a browser on a site of a few providers."""

import os
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psycopg
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page
from psycopg.conninfo import make_conninfo

from generator import settings
from generator.database import db
from generator.desk import revisions, states
from generator.desk.drafts import Draft, Reading
from tests.site.conftest import ROOT, BuiltSite, free_port
from tests.site.tools import open_desk
from tests.site.tools.open_desk import PASSWORDS, OpenDesk

pytestmark = [pytest.mark.site, pytest.mark.postgres, pytest.mark.browser]

WORDS = {
    "h100-sxm": "Ask each provider how its machines are wired before you plan a job that runs across them.",
    "h200-sxm": "Its memory decides which models you can load, so write down what yours needs first.",
    "a100-80gb": "Save checkpoints while the job runs, and you can go on from them on another machine.",
    "b200-sxm": "Look at the image and the driver that come with a machine, since old ones do not know it.",
    "l40s": "Keep your data near the region that you rent in, because moving a data set takes time.",
    "h100-pcie": "A card in a slot shares what the board gives it, so test with your own model.",
    "rtx-a6000": "Somebody on your team should stop the instances in the evening and at weekends.",
    "a100-80gb-pcie": "Put the software into a container, and you can move to another host without a rebuild.",
    "l40": "Limits on new accounts are usual: ask for what you need some days before you start.",
    "a40": "Read what the disk, the network and a stopped machine are charged for.",
}
GPUS = tuple(WORDS)
TEXT = (
    "The {{{{ gpu:{0} }}}} rents out at {{{{ floor:{0} }}}} per GPU-hour on demand, at {{{{ floor_provider:{0} }}}}.\n"
)
HELD_BACK = """
    insert into cloudgpus.quarantine (
        provider_id, instance_type, region, gpu_model_id, rule, detail, prices, first_seen_at, last_seen_at,
        first_job_id, last_job_id
    )
    select offer.provider_id, offer.instance_type, offer.region, offer.gpu_model_id, 'price_jump',
        'price_per_hour jumped', jsonb_build_object('price_per_hour', (offer.price_per_gpu_hour * 3)::text),
        now(), now(), capture.scrape_job_id, capture.scrape_job_id
    from cloudgpus.instances as offer
    join cloudgpus.captures as capture on capture.provider_id = offer.provider_id
    join cloudgpus.providers as provider on provider.id = offer.provider_id
    join cloudgpus.gpu_models as gpu on gpu.id = offer.gpu_model_id
    where provider.slug = 'runpod' and gpu.slug = 'h100-sxm' and offer.is_active and offer.price_per_gpu_hour > 0
    limit 1
"""
UNKNOWN = """
    insert into cloudgpus.unmapped_gpu_names (
        provider_id, gpu_name, gpu_memory_gb, example_instance_type, offers, first_seen_at, last_seen_at
    )
    select id, 'H100 Morning Edition', 80, 'morning.1x', 2, now(), now() from cloudgpus.providers where slug = 'runpod'
"""
VIEWS = ("/", "/page/gpu/h100-sxm", "/page/gpu/h100-sxm?view=source", "/page/gpu/h100-sxm?view=fields", "/?tab=prices")
VIEWS += ("/?tab=names", "/?tab=gates", "/?tab=stale", "/together", "/log", "/nothing")
CLICKED = """() => {
  const frame = document.getElementById("draft");
  return frame.contentWindow.getSelection().anchorNode && document.activeElement !== frame;
}"""
WIDTH = "() => document.scrollingElement.scrollWidth"


def text_of(gpu: str) -> str:
    """A draft about a GPU, in words of its own."""
    return f"{TEXT.format(gpu)}\n{WORDS[gpu]}\n"


@pytest.fixture(scope="module")
def morning(small_site: BuiltSite, fresh_database, tmp_path_factory) -> str:  # type: ignore[no-untyped-def]
    """A database with ten drafts that wait, a price that is held back, and a name that is unknown."""
    url: str = fresh_database.copy_of(small_site.database_url)
    with psycopg.connect(url) as connection:
        connection.execute(HELD_BACK)
        connection.execute(UNKNOWN)
    open_desk.add_editors(url)
    with open_desk.opened(settings.load(), url, tmp_path_factory.mktemp("seeds")) as opened:
        for gpu in GPUS:
            opened.propose(Draft(f"gpu/{gpu}", "gpu_detail", "", "", text_of(gpu)))
    return url


@pytest.fixture
def desk(morning: str, fresh_database, tmp_path) -> Iterator[OpenDesk]:  # type: ignore[no-untyped-def]
    """A desk in the morning."""
    url = fresh_database.copy_of(morning)
    with open_desk.opened(settings.load(), url, tmp_path) as opened:
        yield opened
    fresh_database.drop(url)


class Keys:
    """A keyboard that counts."""

    def __init__(self, page: Page) -> None:
        self.page, self.count = page, 0

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)
            self.count += 1

    def go(self, *keys: str) -> None:
        """Press keys, the last of which opens another page."""
        self.press(*keys[:-1])
        with self.page.expect_navigation():
            self.press(keys[-1])

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)
        self.count += len(text)


def slug_on(page: Page) -> str:
    return page.locator("h1").inner_text()


def test_an_editors_morning(desk: OpenDesk, browser: Browser, small_site: BuiltSite, tmp_path: Path) -> None:
    page = desk.page_of(browser, "Grace")
    order = page.locator(".rows a.open").all_inner_texts()
    assert sorted(order) == sorted(f"gpu/{gpu}" for gpu in GPUS)
    keys = Keys(page)
    keys.go("Enter")
    for slug in order[:7]:
        assert slug_on(page) == slug
        keys.go("a")
    assert keys.count == 8
    keys.press("c", "t", "Tab")
    keys.type("Say what the machine has.")
    keys.go("Control+Enter")
    keys.press("x", "d", "Tab")
    keys.type("The same as another page.")
    keys.go("Control+Enter")
    assert slug_on(page) == order[9]
    keys.press("e", "Control+End")
    keys.type("The table has every machine.")
    page.wait_for_selector("#live-findings :is(.all-green, .findings)")
    keys.go("Control+Enter")
    assert "waits for review" in page.locator(".said").inner_text()
    assert page.locator(".all-green").count(), page.locator("#findings").inner_text()
    keys.go("a")  # she wrote it last
    assert "expected another reviewer" in page.locator(".refused").inner_text()
    page.context.close()

    page = desk.page_of(browser, "Ada")
    Keys(page).go("Enter")
    assert "The table has every machine." in page.locator(".diff").inner_text()
    Keys(page).go("a")
    assert page.locator(".empty").inner_text() == "Nothing waits for review."
    page.context.close()
    assert [desk.state(slug).state for slug in order] == ["published"] * 7 + ["draft", "rejected", "published"]
    assert [desk.state(slug).reason_code for slug in order[7:9]] == ["thin", "duplicate"]
    done = [
        (one.actor, one.action, one.object)
        for one in desk.log()
        if one.actor != "ci" and one.action in {"publish", "reject", "request_changes"}
    ]
    assert done == [
        *(("Grace", "publish", f"{slug}@1") for slug in order[:7]),
        ("Grace", "request_changes", f"{order[7]}@1"),
        ("Grace", "reject", f"{order[8]}@1"),
        ("Ada", "publish", f"{order[9]}@2"),
    ]

    shutil.copytree(small_site.folder, tmp_path / "site")
    site = BuiltSite(tmp_path / "site", desk.database_url)
    built = site.build("render")
    assert built.returncode == 0, built.stderr
    shown = [b" rents out at $" in site.read(f"/{slug}/") for slug in order]
    assert shown == [True] * 7 + [False, False, True]
    assert b"The table has every machine." in site.read(f"/{order[9]}/")


@pytest.fixture
def editors_desk(morning: str, fresh_database, tmp_path) -> Iterator[OpenDesk]:  # type: ignore[no-untyped-def]
    """The same, whose database is reached by a login of the group cloudgpus_editor."""
    url = fresh_database.copy_of(morning)
    login = f"desk_{os.getpid()}"
    with psycopg.connect(url, autocommit=True) as owner:
        owner.execute(f"create role {login} login in role cloudgpus_editor")
        with open_desk.opened(settings.load(), make_conninfo(url, user=login), tmp_path) as opened:
            yield opened
        owner.execute(f"drop role {login}")
    fresh_database.drop(url)


def test_an_editors_login_serves_the_desk(editors_desk: OpenDesk, browser: Browser) -> None:
    page = editors_desk.page_of(browser, "Grace")
    keys = Keys(page)
    keys.go("Enter")
    slug = slug_on(page)
    keys.go("a")
    page.context.close()
    assert editors_desk.state(slug).state == "published"
    test_a_price_is_released_and_a_name_is_mapped(editors_desk, browser)


def test_a_price_is_released_and_a_name_is_mapped(desk: OpenDesk, browser: Browser) -> None:
    page = desk.page_of(browser, "Ed")
    page.goto(desk.address + "?tab=prices")
    keys = Keys(page)
    keys.go("Enter")
    assert page.locator(".answer-text").inner_text()
    keys.go("r")
    assert page.locator(".empty").inner_text() == "No price is held back."
    page.goto(desk.address + "?tab=names")
    page.locator("input[name=gpu]").focus()
    keys.type("h100-sxm")
    keys.go("Enter")
    assert page.locator(".empty").inner_text() == "Every GPU name is known."
    page.context.close()
    assert (desk.desk.seed / "gpu_aliases.csv").read_text().endswith("\nH100 Morning Edition,80,h100-sxm\n")
    told = [(one.actor, one.action, one.object) for one in desk.log()][-2:]
    assert told[0][:2] == ("Ed", "release_price")
    assert told[1] == ("Ed", "map_name", "H100 Morning Edition")


def test_every_figures_source_is_one_key_away_and_a_clean_draft_takes_at_most_12_keys(
    desk: OpenDesk, browser: Browser
) -> None:
    page = desk.page_of(browser, "Grace")
    keys = Keys(page)
    keys.go("Enter")
    facts = page.locator(".fact-list li").all()
    assert len(facts) >= 2
    for number, fact in enumerate(facts, 1):
        keys.press(str(number))
        assert "lit" in (fact.get_attribute("class") or "")
        assert fact.locator(".origin").first.is_visible()
        source = fact.get_attribute("data-source")
        assert page.frame_locator("#draft").locator(f".binding.lit[data-source='{source}']").count() >= 1
    keys.go("a")
    keys.go("q")
    assert page.locator("h1").inner_text() == "Queue"
    assert keys.count <= 12
    page.context.close()
    (approval,) = [one for one in desk.log() if (one.actor, one.action) == ("Grace", "approve")]
    assert 0 <= approval.detail["seconds"] < 600


def test_a_draft_is_taken_commented_on_scheduled_and_taken_off(desk: OpenDesk, browser: Browser) -> None:
    page = desk.page_of(browser, "Grace")
    page.goto(desk.address + "page/gpu/h100-sxm")
    keys = Keys(page)
    keys.go("t", "Enter")
    figure = page.frame_locator("#draft").locator(".binding").nth(1)
    figure.click(force=True)
    page.wait_for_function(CLICKED)
    page.keyboard.press("p")  # the keys are the desk's, also after a click in the frame
    assert page.locator(".fact-list li.lit").get_attribute("data-source") == figure.get_attribute("data-source")
    figure.select_text()
    page.keyboard.press("m")
    assert page.locator("#quote").input_value()
    keys.type("Which region?")
    keys.go("Control+Enter")
    assert "Which region?" in page.locator(".comments").inner_text()
    page.keyboard.press("s")
    page.locator("#for").fill("2031-01-01T10:00")
    keys.go("Enter")
    assert desk.state("gpu/h100-sxm").state == "scheduled"
    page.goto(desk.address + "page/gpu/h100-sxm")
    keys.go("a")
    assert desk.state("gpu/h100-sxm").state == "published"
    page.keyboard.press("u")
    page.locator("#unpublish-reason").select_option("other")
    page.locator("#unpublish-comment").fill("Not needed.")
    with page.expect_navigation():
        page.get_by_role("button", name="Take off the site").click()
    page.context.close()
    assert desk.state("gpu/h100-sxm").state == "unpublished"
    did = [one.action for one in desk.log() if one.object == "gpu/h100-sxm@1" and one.action != "check"]
    assert did == ["revision", "submit", "take", "comment", "approve", "schedule", "publish", "unpublish"]


def test_drafts_of_one_template_are_approved_together_after_a_sample(desk: OpenDesk, browser: Browser) -> None:
    for gpu in GPUS[:6]:
        text = text_of(gpu) + "\nThe table has every machine.\n"
        how: dict[str, Any] = {
            "kind": "template",
            "generation": {"prompt": "template:sentences@3", "model": "template"},
        }
        desk.propose(Draft(f"gpu/{gpu}", "gpu_detail", "", "", text), "ci", **how)
    page = desk.page_of(browser, "Grace")
    page.goto(desk.address + "together")
    button = page.get_by_role("button", name="Approve and publish these together")
    assert button.is_disabled()
    for gpu in GPUS[:5]:
        page.goto(f"{desk.address}page/gpu/{gpu}")
    page.goto(desk.address + "together")
    with page.expect_navigation():
        button.click()
    assert page.locator(".said").inner_text() == "6 pages are approved together and published."
    page.context.close()
    together = {one.detail.get("together") for one in desk.log() if (one.actor, one.action) == ("Grace", "approve")}
    assert len(together) == 1
    assert {desk.state(f"gpu/{gpu}").state for gpu in GPUS[:6]} == {"published"}


def test_an_old_revision_is_shown_compared_and_restored(desk: OpenDesk, browser: Browser) -> None:
    desk.propose(Draft("gpu/l40s", "gpu_detail", "", "", text_of("l40s") + "\nAnother sentence.\n"))
    page = desk.page_of(browser, "Ed")
    page.goto(desk.address + "page/gpu/l40s?revision=2&against=1&view=source")
    assert "Another sentence." in page.locator(".diff").inner_text()
    with page.expect_navigation():
        page.get_by_role("button", name="Restore as a draft").click()
    assert "revision 3" in page.locator(".said").inner_text().lower()
    page.context.close()
    assert desk.state("gpu/l40s").revision == 3


def test_an_approved_draft_does_not_go_over_a_live_text_that_moved_unless_asked_to(
    desk: OpenDesk, browser: Browser
) -> None:
    said: dict[str, Any] = {"actor": "Grace", "at": datetime.now(UTC)}
    drafts = [Draft("gpu/l40s", "gpu_detail", "", "", text_of("l40s") + more) for more in ("", "\nLive.\n", "\nOld.\n")]
    with db.connect(desk.database_url) as connection:
        states.approve(connection, "gpu/l40s", 1, **said, reading=Reading(), publish_now=True)
    desk.propose(drafts[1])
    with db.connect(desk.database_url) as connection:
        states.approve(connection, "gpu/l40s", 2, **said, reading=Reading(), publish_now=True)
        by_ed: dict[str, Any] = {"actor": "Ed", "at": said["at"]}
        revisions.add(connection, drafts[2], Reading(), kind="human", base=1, is_from_file=True, **by_ed)
        states.submit(connection, "gpu/l40s", 3, **by_ed)
        states.approve(connection, "gpu/l40s", 3, **said, reading=Reading())
    page = desk.page_of(browser, "Grace")
    page.goto(desk.address + "page/gpu/l40s")
    assert "The live text has changed since this draft was begun" in page.locator(".conflict").inner_text()
    assert all(word in page.locator(".diff").inner_text() for word in ("Live.", "Old."))
    Keys(page).go("a")
    moved = "the live text moved to revision 2 by Ed since revision 3 was begun"
    assert moved in page.locator(".refused").inner_text()
    assert desk.state("gpu/l40s").live_revision == 2
    page.goto(desk.address + "page/gpu/l40s")
    page.locator("input[name=over_live]").check()
    Keys(page).go("a")
    assert page.locator(".conflict").count() == 0
    page.context.close()
    assert (desk.state("gpu/l40s").live_revision, desk.state("gpu/l40s").state) == (3, "published")
    assert ("Grace", f"gpu/l40s: {moved}; expected a draft made from it") in desk.refusals()


# What is refused.


Client = Callable[..., httpx.Client]


@pytest.fixture
def client(desk: OpenDesk) -> Iterator[Client]:
    """Makes programs that are logged in as somebody, or not."""
    with ExitStack() as opened:

        def made(name: str = "") -> httpx.Client:
            http = httpx.Client(base_url=desk.address, headers={"Origin": desk.address.rstrip("/")}, timeout=60)
            opened.enter_context(http)
            if name:
                answer = http.post("/login", data={"name": name, "password": PASSWORDS[name]})
                assert answer.status_code == 303, answer.text
            return http

        yield made


def token(http: httpx.Client, path: str = "/page/gpu/h100-sxm") -> str:
    found = re.search(r'name="form" value="([^"]+)"', http.get(path).text)
    assert found
    return found[1]


def line(answer: httpx.Response) -> str:
    """The line that says why."""
    found = re.search(r'role="alert">(.*?)</p>', answer.text)
    assert found, answer.text
    return found[1]


def test_nobody_does_anything_without_login(desk: OpenDesk, client: Client) -> None:
    http = client()
    for path in ("/page/gpu/h100-sxm", "/draft/gpu/h100-sxm", "/log", "/price/1"):
        answer = http.get(path)
        assert (answer.status_code, line(answer)) == (401, "you are not logged in; log in first")
    answer = http.post("/approve/gpu/h100-sxm", data={"form": "x", "number": "1"})
    assert answer.status_code == 401
    assert desk.refusals() == [("nobody", "you are not logged in; log in first")] * 5
    assert http.get("/").headers["location"] == "/login"
    assert desk.state("gpu/h100-sxm").state == "in_review"


def test_a_forged_cookie_opens_nothing(desk: OpenDesk, client: Client) -> None:
    real = client("Ada").cookies["desk"]
    for forged in (real[:-1] + "A" * (real[-1] != "A") + "B" * (real[-1] == "A"), "Ada", "x" * 5000):
        answer = httpx.get(desk.address + "log", cookies={"desk": forged})
        assert answer.status_code == 401
        assert "its cookie is none of the desk" in line(answer)
    assert len(desk.refusals()) == 3


def test_an_editor_approves_nothing(desk: OpenDesk, client: Client) -> None:
    http = client("Ed")
    for action in ("approve", "reject", "request-changes"):
        data = {"form": token(http), "number": "1", "reason": "other", "comment": "No."}
        answer = http.post(f"/{action}/gpu/h100-sxm", data=data)
        assert (answer.status_code, line(answer)) == (
            403,
            f"Ed is an editor; &#34;{action}&#34; needs the right of a reviewer",
        )
    assert [actor for actor, _ in desk.refusals()] == ["Ed"] * 3
    assert desk.state("gpu/h100-sxm").state == "in_review"


def test_a_form_is_taken_once(desk: OpenDesk, client: Client) -> None:
    http = client("Grace")
    data = {"form": token(http), "number": "1", "comment": "Good."}
    assert http.post("/comment/gpu/h100-sxm", data=data).status_code == 303
    again = http.post("/comment/gpu/h100-sxm", data=data)
    assert again.status_code == 403
    assert line(again).startswith("this form was sent before")
    assert [actor for actor, _ in desk.refusals()] == ["Grace"]


def test_a_form_of_another_session_is_refused(desk: OpenDesk, client: Client) -> None:
    data = {"form": token(client("Ada")), "number": "1", "comment": "Good."}
    assert client("Grace").post("/comment/gpu/h100-sxm", data=data).status_code == 403


def test_an_old_revision_is_not_edited(desk: OpenDesk, client: Client) -> None:
    desk.propose(Draft("gpu/h100-sxm", "gpu_detail", "", "", text_of("h100-sxm") + "\nMore.\n"))
    http = client("Grace")
    answer = http.post("/edit/gpu/h100-sxm", data={"form": token(http), "number": "1", "markdown": "Mine."})
    assert answer.status_code == 409
    assert "2" in line(answer)
    assert "Ed" in line(answer)
    assert desk.state("gpu/h100-sxm").revision == 2
    assert len(desk.refusals()) == 1


def test_what_there_is_not_is_refused(desk: OpenDesk, client: Client) -> None:
    http = client("Grace")
    gone = ("/page/gpu/none", "/page/gpu/h100-sxm?revision=9", "/draft/gpu/none", "/price/999", "/nothing")
    assert [http.get(path).status_code for path in gone] == [404] * len(gone)
    assert len(desk.refusals()) == len(gone)


def test_a_name_goes_to_no_gpu_that_is_not_there_and_a_price_is_kept_back_for_a_reason(
    desk: OpenDesk, client: Client
) -> None:
    http, aliases = client("Ed"), desk.desk.seed / "gpu_aliases.csv"
    before = aliases.read_bytes()
    mapped = {"name": "H100 Morning Edition", "memory": "80", "gpu": "h100-sxn"}
    answer = http.post("/names", data={"form": token(http), **mapped})
    assert (answer.status_code, "h100-sxn" in line(answer)) == (409, True)
    assert aliases.read_bytes() == before
    number = re.search(r"/price/(\d+)", http.get("/?tab=prices").text)
    assert number
    answer = http.post(number[0], data={"form": token(http), "decision": "keep", "reason": ""})
    assert (answer.status_code, line(answer)) == (400, "a price is kept back for a reason; none was given")
    assert len(desk.refusals()) == 2


def test_another_host_and_another_sites_form_are_refused(desk: OpenDesk, client: Client) -> None:
    http = client("Grace")
    assert http.get("/", headers={"Host": "evil.example"}).status_code == 421
    data = {"form": token(http), "number": "1"}
    evil = http.post("/approve/gpu/h100-sxm", data=data, headers={"Origin": "https://evil.example"})
    assert evil.status_code == 403
    assert "https://evil.example" in line(evil)
    assert len(desk.refusals()) == 2
    assert desk.state("gpu/h100-sxm").state == "in_review"


def test_guessing_passwords_slows_down_and_none_is_logged(
    desk: OpenDesk, client: Client, capfd: pytest.CaptureFixture[str]
) -> None:
    http = client()
    answers = [http.post("/login", data={"name": "Grace", "password": f"guess {number}!"}) for number in range(5)]
    assert [answer.status_code for answer in answers] == [401, 401, 401, 401, 429]
    assert 0 < int(answers[-1].headers["Retry-After"]) <= 2
    assert http.post("/login", data={"name": "Grace", "password": PASSWORDS["Grace"]}).status_code == 429
    everything = f"{desk.log()} {capfd.readouterr()}"
    assert "guess" not in everything
    assert PASSWORDS["Grace"] not in everything


def test_what_the_desk_sends_lets_nothing_in(desk: OpenDesk, client: Client) -> None:
    http = client("Grace")
    for path in ("/", "/page/gpu/h100-sxm", "/log", "/login", "/nothing"):
        sent = http.get(path).headers
        assert sent["Content-Security-Policy"].startswith("default-src 'none'")
        assert "unsafe" not in sent["Content-Security-Policy"]
        assert (sent["X-Frame-Options"], sent["Cache-Control"]) == ("DENY", "no-store")
    frame = http.get("/draft/gpu/h100-sxm")
    assert frame.headers["Content-Security-Policy"].startswith("sandbox allow-same-origin; default-src 'none'")
    assert "script-src" not in frame.headers["Content-Security-Policy"]
    assert "<script" not in frame.text
    cookie = client().post("/login", data={"name": "Ada", "password": PASSWORDS["Ada"]}).headers["Set-Cookie"]
    assert {"HttpOnly", "SameSite=strict", "Path=/"} <= set(cookie.split("; "))


def test_a_session_ends_with_logout_and_with_the_right_to_be_there(desk: OpenDesk, client: Client) -> None:
    http = client("Ed")
    assert http.post("/logout", data={"form": token(http)}).status_code == 303
    assert http.get("/log").status_code == 401
    other = client("Ed")
    with psycopg.connect(desk.database_url) as connection:
        connection.execute("update cloudgpus.editors set is_active = false where name = 'Ed'")
    assert line(other.get("/log")) == "Ed is not an editor any more"


def test_a_script_in_a_draft_is_shown_and_does_not_run(desk: OpenDesk, browser: Browser) -> None:
    text = "<script>document.title = 'run'</script> <img src=x onerror=\"document.title='run'\">\n"
    desk.propose(Draft("gpu/h100-sxm", "gpu_detail", "", "", text_of("h100-sxm") + "\n" + text))
    page = desk.page_of(browser, "Grace")
    page.goto(desk.address + "page/gpu/h100-sxm")
    page.frame_locator("#draft").locator(".binding").first.wait_for()
    assert [frame.title() for frame in page.frames if frame.title() == "run"] == []
    assert page.locator(".diff script, .diff img").count() == 0
    page.context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_view_is_accessible(desk: OpenDesk, browser: Browser, scheme: str) -> None:
    page = desk.page_of(browser, "Grace", color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in (*VIEWS, "/price/1", "/login"):
        page.goto(desk.address.rstrip("/") + path)
        broken = Axe().run(page).response["violations"]
        found[path] = [(rule["id"], [node["html"][:150] for node in rule["nodes"][:3]]) for rule in broken]
    page.context.close()
    assert {path: broken for path, broken in found.items() if broken} == {}


def test_no_view_scrolls_sideways_on_a_phone_and_the_browser_has_no_complaints(
    desk: OpenDesk, browser: Browser
) -> None:
    page = desk.page_of(browser, "Grace")
    page.set_viewport_size({"width": 360, "height": 740})
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text))
    page.on("pageerror", lambda error: heard.append(str(error)))
    wide = []
    for path in (*VIEWS[:-1], "/price/1"):
        page.goto(desk.address.rstrip("/") + path, wait_until="networkidle")
        wide += [path] if page.evaluate(WIDTH) > 360 else []
    page.context.close()
    assert (wide, heard) == ([], [])


def test_the_command_serves_the_desk_until_it_is_interrupted(desk: OpenDesk, small_site: BuiltSite) -> None:
    port = free_port()
    command = [sys.executable, "build.py", "review", "--port", port, "--no-browser"]
    environment = {**small_site.environment(), "DATABASE_URL": desk.database_url}
    with subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        assert process.stdout.readline() == f"The desk is at http://127.0.0.1:{port}/\n"
        assert httpx.get(f"http://127.0.0.1:{port}/login", timeout=60).status_code == 200
        process.send_signal(signal.SIGINT)
    assert process.returncode == 0


def test_sessions_are_told_apart_by_name_alone(desk: OpenDesk, client: Client) -> None:
    one, other = client("Ada"), client("Ada")
    assert one.cookies["desk"] != other.cookies["desk"]
    assert datetime.now(UTC) > desk.desk.sessions.find(one.cookies["desk"], datetime.now(UTC)).began_at  # type: ignore[union-attr]
