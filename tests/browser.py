"""Headless Chromium, driven by chromedriver's HTTP protocol (W3C WebDriver)."""

import contextlib
import http.client
import json
import shutil
import socket
import subprocess
import time

_ELEMENT = "element-6066-11e4-a52e-4f735466cecf"  # The key of a reference, by the protocol.


def missing():
    """Name the program that is needed and not there, or return `None`."""
    return next((name for name in ("chromium", "chromedriver") if not shutil.which(name)), None)


_CONTRAST = """
const luminance = (color) => {
  const parts = color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
  const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ground = (element) => {
  const color = getComputedStyle(element).backgroundColor;
  const isClear = color === "rgba(0, 0, 0, 0)" && element.parentElement;
  return isClear ? ground(element.parentElement) : color;
};
const ratio = (element) => {
  const colors = [getComputedStyle(element).color, ground(element)];
  const [low, high] = colors.map(luminance).sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
};
return [...document.querySelectorAll(arguments[0])]
  .filter((element) => element.checkVisibility() && !element.disabled)
  .map((element) => [ratio(element), element.outerHTML.slice(0, 80)])
  .sort((a, b) => a[0] - b[0])[0];
"""


class Browser:
    """A window of a browser.

    Args:
        port: Port of chromedriver.
        profile: Folder for the browser's own files.
    """

    def __init__(self, port, profile):
        self._port = port
        options = {
            "binary": shutil.which("chromium"),
            # As root there is no sandbox; /dev/shm is small in containers.
            "args": [
                "--headless=new",
                "--no-sandbox",
                "--disable-dev-shm-usage",
                "--disable-gpu",
                "--disable-background-networking",
                "--disable-component-update",
                "--no-first-run",
                "--window-size=1300,1500",
                f"--user-data-dir={profile}",
            ],
        }
        wanted = {
            "browserName": "chrome",
            "goog:chromeOptions": options,
            "goog:loggingPrefs": {"browser": "ALL", "performance": "ALL"},
        }
        self._session = ""
        created = self._call("POST", "", {"capabilities": {"alwaysMatch": wanted}})
        self._session = f"/{created['sessionId']}"

    def _call(self, method, path, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=60)
        try:
            text = None if body is None else json.dumps(body)
            connection.request(method, f"/session{self._session}{path}", text)
            answer = json.loads(connection.getresponse().read())["value"]
        finally:
            connection.close()
        if isinstance(answer, dict) and "error" in answer:
            raise AssertionError(f"{answer['error']}: {answer['message'].splitlines()[0]}")
        return answer

    def close(self):
        """Close the window."""
        self._call("DELETE", "")

    def open(self, url):
        """Go to a page and wait until it is loaded."""
        self._call("POST", "/url", {"url": url})

    def run(self, script, *arguments):
        """Run the body of a function in the page and return what it returns."""
        body = {"script": script, "args": list(arguments)}
        return self._call("POST", "/execute/sync", body)

    def until(self, script, *arguments, seconds=30):
        """Run a script again and again until it returns something true; return that."""
        deadline = time.monotonic() + seconds
        while not (found := self.run(script, *arguments)):
            page = self.run("return document.body.innerText")
            assert time.monotonic() < deadline, f"not true in {seconds} s: {script}\n{page}"
            time.sleep(0.02)
        return found

    def find(self, selector):
        """Return an element, which `run` takes as an argument."""
        found = self._call("POST", "/element", {"using": "css selector", "value": selector})
        return {_ELEMENT: found[_ELEMENT]}

    def click(self, selector):
        """Click on an element, as a person would."""
        self._call("POST", f"/element/{self.find(selector)[_ELEMENT]}/click", {})

    def type(self, selector, text):
        """Replace what is in a field; of a field for files, the path."""
        path = f"/element/{self.find(selector)[_ELEMENT]}"
        if self.run("return arguments[0].type", self.find(selector)) != "file":
            self._call("POST", f"{path}/clear", {})
        self._call("POST", f"{path}/value", {"text": str(text)})

    def press(self, selector, keys):
        """Press keys in an element; WebDriver has code points for the arrows."""
        self._call("POST", f"/element/{self.find(selector)[_ELEMENT]}/value", {"text": keys})

    def devtools(self, command, **parameters):
        """Send a command of the DevTools protocol."""
        body = {"cmd": command, "params": parameters}
        return self._call("POST", "/goog/cdp/execute", body)

    def log(self, kind):
        """Return the entries of a log, "browser" or "performance", since the last call."""
        return self._call("POST", "/se/log", {"type": kind})

    def requests(self):
        """Return the addresses that were asked for since the last call."""
        events = [json.loads(entry["message"])["message"] for entry in self.log("performance")]
        sent = [event for event in events if event["method"] == "Network.requestWillBeSent"]
        return [event["params"]["request"]["url"] for event in sent]

    def least_contrast(self, selector):
        """Return WCAG's lowest ratio between the texts of elements and their ground, and where."""
        return self.run(_CONTRAST, selector)

    def screenshot(self):
        """Return the window as base64 of a PNG."""
        return self._call("GET", "/screenshot")


@contextlib.contextmanager
def browser(folder):
    """Start chromedriver and a window, whose own files go into a folder; end both."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    with subprocess.Popen([shutil.which("chromedriver"), f"--port={port}"], **quiet) as driver:
        try:
            _wait(port)
            window = Browser(port, folder)
            try:
                yield window
            finally:
                window.close()
        finally:
            driver.terminate()


def _wait(port, seconds=30):
    deadline = time.monotonic() + seconds
    while True:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port)).close()
        assert time.monotonic() < deadline, "chromedriver does not start"
        time.sleep(0.02)
