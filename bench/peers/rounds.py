"""The rounds of a run: what the gateways stand between, the loads, and who is measured when."""

import atexit
import json
import os
import select
import statistics
import subprocess
import sys
import time
import urllib.error
import urllib.request
from datetime import datetime, timezone
from pathlib import Path

import gateways as peers
from processes import Process, settle

BENCH, ROOT = peers.BENCH, peers.ROOT
ANSWER = json.dumps(
    {
        "id": "chatcmpl-0123456789abcdef",
        "object": "chat.completion",
        "created": 1700000000,
        "model": "m",
        "choices": [
            {
                "index": 0,
                "message": {
                    "role": "assistant",
                    "content": "The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog, "
                    "and on it goes, again and again.",
                },
                "logprobs": None,
                "finish_reason": "stop",
            }
        ],
        "usage": {"prompt_tokens": 21, "completion_tokens": 25, "total_tokens": 46},
    },
    separators=(",", ":"),
)
FAILURE = '{"error":{"message":"overloaded","type":"server_error","code":null,"param":null}}'
PROSE = (
    "The brown fox of number ########## lives at the edge of the wood behind the mill, and everyone in the village has a "
    "story about it. Tell me in two sentences what it does in winter, why the dogs let it pass, and what the miller thinks. "
)
BETWEEN = 4  # so many gateways are measured from nginx to nginx
CONNECTIONS = (1, 16, 64, 512)
LOADS = (
    [f"json-{size}-{connections}" for size in ("small", "large") for connections in CONNECTIONS]
    + ["rate-200", "rate-2000", "streams-200", "streams-2000", "streams-fast", "hits", "failover"]
)
ONCE = ["idle", "open", "start"]
FULL = ("json-small-64", "rate-200")  # these last as long as is asked for, the others half of it
SLOW = 2_000  # who carries fewer requests a second with 64 connections has one round, without the heavy loads
HEAVY = ["json-small-512", "json-large-512", "rate-2000", "streams-2000", "open"]


class Direct(peers.Gateway):
    """No gateway: what the upstream itself takes, for what is added to it."""

    name, label, what = "direct", "no gateway", "the upstream itself"

    def install(self):
        self.whole = peers.Target(self.local(peers.WHOLE))
        self.streams = peers.Target(self.local(peers.STREAMS))

    def start(self):
        pass


class Bench:
    """One run: the upstreams, the loads, the gateways that are there, and what was measured."""

    def __init__(self, options, work):
        self.options = options
        self.work = work
        self.seed = int(time.time()) % 100_000 * 10_000
        self.loads = None
        self.there = []
        self.carries = {}
        self.results = {"loads": {}, "memory": {}, "start": {}, "idle": {}, "open": {}, "failed": []}

    def seconds(self, load):
        """How long a load lasts."""
        return self.options.seconds if load in FULL else max(1, self.options.seconds // 2)

    def estimate(self):
        """About how many minutes the run takes on a machine that does nothing else, installing left out."""
        loads, gateways = self.options.loads, [gateway for gateway in self.there if gateway.name != "direct"]
        total = 36 * len(gateways) + (60 if "start" in loads and not self.options.quick else 25)
        for load in loads:
            for gateway in self.there:
                spared = gateway.slow and not self.options.long
                if load == "start" or spared and load in HEAVY or not self.takes(gateway, load):
                    continue
                if load in ONCE:
                    total += {"idle": 5, "open": 16}[load]
                    continue
                lasts = {"streams-200": 2, "streams-2000": 4}.get(load, self.seconds(load)) + (2.5 if gateway.slow else 0.3)
                turns = 1 + len(gateways) / BETWEEN if gateway.name == "nginx" else 1
                total += (1 if spared else self.options.repeats) * turns * lasts
        return total / 60

    def slow(self, gateway):
        """Whether a gateway has one round only, without the heavy loads. IIR, which all this is about, never."""
        if self.options.long or isinstance(gateway, (Direct, peers.Iir)):
            return False
        return self.carries.get(gateway.whole.url, SLOW) < SLOW

    def upstreams(self):
        folder = self.work / "upstream"
        folder.mkdir()
        servers = f"""
  server {{
    listen 127.0.0.1:{peers.WHOLE} backlog=4096;
    location / {{ default_type application/json; return 200 '{ANSWER}'; }}
  }}
  server {{
    listen 127.0.0.1:{peers.FAILING} backlog=4096;
    location /health {{ return 200 'ok'; }}
    location / {{ default_type application/json; return 503 '{FAILURE}'; }}
  }}"""
        conf = folder / "nginx.conf"
        conf.write_text(peers.nginx_conf(folder, servers))
        whole = Process(["nginx", "-p", str(folder), "-c", str(conf)], folder / "nginx.log", cwd=folder)
        streams = Process(self.jvm("Upstream", str(peers.STREAMS)), folder / "streams.log", cwd=folder)
        self.loads = subprocess.Popen(
            self.jvm("Loads"), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
        )
        atexit.register(self.loads.kill)
        for port, process in ((peers.WHOLE, whole), (peers.STREAMS, streams)):
            try:
                self.answered(peers.Target(f"http://127.0.0.1:{port}/v1/chat/completions"), 60, process)
            except peers.Missing as error:
                raise peers.Missing(f"The upstream on port {port} does not start: {error}") from error

    def jvm(self, name, *arguments):
        path = (ROOT / "target/bench.classpath").read_text().strip()
        options = ["-XX:+UseParallelGC", "-Xmx512m", *peers.JVM]
        return [peers.java(), *options, "-cp", path, str(BENCH / "load" / (name + ".java")), *arguments]

    def answered(self, target, seconds, process=None, ready=lambda: None):
        """Asks until the first 200; the seconds that it took. Looks every few milliseconds."""
        began = time.monotonic()
        said = "nothing"
        while time.monotonic() - began < seconds:
            if process and not process.alive():
                raise peers.Missing("it ended at its start: " + last_line(process.log))
            try:
                ready()
                where = target() if callable(target) else target
                with urllib.request.urlopen(chat(where), timeout=10) as answer:
                    answer.read()
                    return time.monotonic() - began
            except urllib.error.HTTPError as error:
                said = f"{error.code} {error.read()[:200]!r}"
            except (OSError, ValueError) as error:
                said = str(error)
            time.sleep(0.005)
        raise peers.Missing(f"it gave no answer within {seconds} s; last: {said}")

    def install(self, classes):
        left_out = []
        for number, kind in enumerate(classes):
            gateway = kind(19110 + 10 * number, self.work)
            try:
                gateway.install()
                self.there.append(gateway)
            except (peers.Missing, OSError, subprocess.TimeoutExpired) as error:
                left_out.append({"name": gateway.name, "label": gateway.label, "why": str(error)})
                say(f"{gateway.label} is left out: {error}")
        return left_out

    def start(self, left_out):
        """Starts them one after the other, as often as is asked for, and leaves them paused."""
        times = 3 if "start" in self.options.loads and not self.options.quick else 1
        for gateway in list(self.there):
            if gateway.name == "direct":
                continue
            taken = []
            try:
                for _ in range(times):
                    gateway.stop()
                    gateway.start()
                    taken.append(self.answered(lambda: gateway.whole, 90, gateway.processes[0], gateway.ready))
                try:
                    self.answered(lambda: Model(gateway.streams, "stream-50-20"), 10)
                except peers.Missing as error:
                    gateway.no_streams = f"asked for a stream, {error}"
                    say(f"{gateway.label} is left out of the streams: {gateway.no_streams}")
                settle(gateway.of("json"))
                time.sleep(1)
                self.results["start"][gateway.name] = spread(taken)
                self.remember(gateway, "idle")
                say(f"{gateway.label} {gateway.version}: first answer after {min(taken):.2f} s, {gateway_rss(gateway, 'json'):.0f} MB")
            except peers.Missing as error:
                gateway.stop()
                self.there.remove(gateway)
                left_out.append({"name": gateway.name, "label": gateway.label, "why": str(error)})
                say(f"{gateway.label} is left out: {error}")
                continue
            pause(gateway)

    def remember(self, gateway, when, load="json"):
        self.results["memory"].setdefault(gateway.name, {})[when] = round(gateway_rss(gateway, load), 1)

    def sweep(self, load):
        """One round of a load over all gateways, nginx before, after and between them."""
        order = [gateway for gateway in self.there if gateway.name != "nginx" and self.takes(gateway, load)]
        if self.round > 0:
            order = [gateway for gateway in order if not self.slow(gateway)]
        nginx = next((gateway for gateway in self.there if gateway.name == "nginx"), None)
        if self.round % 2:
            order.reverse()
        before = self.measure(nginx, load) if nginx else None
        for first in range(0, len(order), BETWEEN):
            rows = [(gateway, self.attempt(gateway, load)) for gateway in order[first : first + BETWEEN]]
            after = self.measure(nginx, load) if nginx else None
            for gateway, row in rows:
                if row is None:
                    continue
                if before and gateway.name != "direct":
                    row["of_nginx"] = ratio(load, row, before, after)
                self.keep(load, gateway.name, row)
            before = after

    def takes(self, gateway, load):
        if gateway.name == "direct":
            return load.startswith(("rate", "streams"))
        if load in HEAVY and self.slow(gateway):
            return False
        if gateway.no_streams and load.startswith(("streams", "open")):
            return False
        if load == "hits":
            return isinstance(gateway, peers.Iir)
        return load != "failover" or gateway.failover is not None

    def keep(self, load, name, row):
        rows = self.results["loads"].setdefault(load, {}).setdefault(name, {})
        for key, value in row.items():
            if value is not None:
                rows.setdefault(key, []).append(value)

    def attempt(self, gateway, load):
        """A measurement, or None where the gateway does not take it: the others go on."""
        try:
            return self.measure(gateway, load)
        except peers.Missing as error:
            pause(gateway)
            self.results["failed"].append({"name": gateway.name, "label": gateway.label, "load": load, "why": str(error)})
            say(f"{gateway.label} fails {load}: {error}")
            return None

    def measure(self, gateway, load):
        """One measurement; nginx's are kept at once, as it has several in a sweep."""
        processes = gateway.of(load)
        resume(gateway)
        before = sum(process.cpu() for process in processes)
        row = self.drive(gateway, load)
        settle(processes)
        cpu = sum(process.cpu() for process in processes) - before
        pause(gateway)
        done = row.pop("done")
        if processes and done:
            row["cpu"] = round(cpu * 1000 / done, 5)
        if gateway.name == "nginx":
            self.keep(load, "nginx", row)
        return row

    def drive(self, gateway, load):
        kind, _, rest = load.partition("-")
        seconds = self.seconds(load)
        if kind == "json":
            size, connections = rest.split("-")
            return self.wrk(gateway.whole, size, int(connections), seconds)
        if kind == "hits":
            return self.wrk(gateway.whole, "small", 64, seconds, same=True)
        if kind == "failover":
            return self.wrk(gateway.failover, "small", 64, seconds)
        if kind == "rate":
            said = self.ask("rate", gateway.whole, "m", int(rest), seconds)
            return {"done": said["requests"], **pick(said, "p50", "p99", "errors", "unsent")}
        if rest == "fast":
            said = self.ask("streams", gateway.streams, "stream-2000-0", 64, 50, seconds * 1000)
            row = {"rate": round(said["chunks"] / said["seconds"], 1)}
        else:
            streams = int(rest)
            said = self.ask("streams", gateway.streams, "stream-50-20", streams, 500, 8000)
            row = {"complete": said["complete"] / streams}
        row |= {"done": said["chunks"], "errors": said["broken"]}
        return row | pick(said, "first_p50", "first_p99", "delay_p50", "delay_p99")

    def wrk(self, target, size, connections, seconds, same=False):
        """Requests as fast as they are answered; up to 8 s where they are few, so that each connection has some answers."""
        if connections > self.carries.get(target.url, 1e9) * seconds / 4:
            seconds = min(max(8, seconds), int(4 * connections / self.carries[target.url]) + 1)
        self.seed += 100_000 * max(10, seconds)
        environment = {
            **os.environ,
            "MODEL": target.named("m"),
            "HEADERS": "|".join(target.headers),
            "BODY_FILE": str(self.work / size),
            "SEED": str(self.seed),
            "SAME": str(same).lower(),
        }
        command = ["wrk", "-t1", f"-c{connections}", f"-d{seconds}s", "--timeout", "10s", "--latency"]
        said = subprocess.run(
            [*command, "-s", str(BENCH / "chat.lua"), target.url], env=environment, stdout=subprocess.PIPE, text=True
        ).stdout
        result = [line for line in said.splitlines() if line.startswith("RESULT ")]
        if not result:
            raise peers.Missing(f"wrk has no result: {said.strip().splitlines()[-1:]}")
        rate, p50, p99, errors, requests = map(float, result[0].split()[1:])
        good = requests - errors
        return {"rate": round(rate * good / max(requests, 1), 1), "p50": p50, "p99": p99, "errors": int(errors), "done": good}

    def ask(self, kind, target, model, *numbers):
        self.seed += 1_000_000
        numbers = [*numbers, self.seed % 2_000_000_000] if kind != "idle" else numbers
        command = [kind, target.url, target.named(model), "|".join(target.headers), *map(str, numbers)]
        return self.command("\t".join(command))

    def command(self, line):
        self.loads.stdin.write(line + "\n")
        self.loads.stdin.flush()
        return self.heard()

    def heard(self):
        """What the loads' process says next."""
        said = self.loads.stdout.readline()
        if not said:
            raise SystemExit("the loads' process has ended")
        return json.loads(said.replace("NaN", "null"))

    def warm_up(self):
        """Each until it gets no faster any more behind its 20,000th request, or for 24 seconds: code is compiled meanwhile."""
        most = 8 if self.options.quick else 24
        for gateway in self.there:
            resume(gateway)
            if gateway.name != "direct":
                end = time.monotonic() + most
                best, same, done = 0, 0, 0
                while (same < 2 or done < 20_000) and time.monotonic() < end:
                    row = self.wrk(gateway.whole, "small", 64, 2)
                    done += row["done"]
                    same = same + 1 if row["rate"] < best * 1.05 else 0
                    best = max(best, row["rate"])
                self.carries[gateway.whole.url] = max(best, 10)
                self.wrk(gateway.whole, "large", 16, 1 if self.options.quick else 3)
                if gateway.failover:
                    for _ in range(1 if self.options.quick else 3):
                        self.wrk(gateway.failover, "small", 64, 2)
            few = self.options.quick or gateway.name == "direct" or self.slow(gateway)
            if self.takes(gateway, "hits"):
                for _ in range(1 if few else 3):
                    self.wrk(gateway.whole, "small", 64, 2, same=True)
            for _ in range(2):
                self.ask("rate", gateway.whole, "m", 500, 1)
            if not gateway.no_streams:
                for _ in range(2 if few else 10):
                    self.ask("streams", gateway.streams, "stream-50-20", 200, 500, 4000)
            settle(gateway.of("json") + gateway.of("streams"))
            pause(gateway)

    def all_loads(self):
        for self.round in range(self.options.repeats):
            for load in self.options.loads:
                if load not in ONCE and (load.startswith("json") or load.startswith("rate")):
                    say(f"round {self.round + 1}: {load}")
                    self.sweep(load)
        self.remember_all("after_requests", "json")
        # Before the streams, as memory that those have left would be taken for the connections'.
        self.once("idle")
        for self.round in range(self.options.repeats):
            for load in self.options.loads:
                if load.startswith(("streams", "hits", "failover")):
                    say(f"round {self.round + 1}: {load}")
                    self.sweep(load)
        if "open" in self.options.loads:
            self.forget(self.there)
        self.once("open")

    def forget(self, gateways):
        """
        Closes what these have open to the upstream of streams, and has them see it: the files of the upstream and the
        ports of the machine would not suffice for what all of them keep.
        """
        for gateway in gateways:
            resume(gateway)
        url = f"http://127.0.0.1:{peers.STREAMS}/connections"
        urllib.request.urlopen(urllib.request.Request(url, method="DELETE"), timeout=30).close()
        for gateway in gateways:
            settle(gateway.processes)
            pause(gateway)

    def once(self, load):
        if load in self.options.loads:
            for gateway in self.there:
                if self.takes(gateway, load):
                    resume(gateway)
                    getattr(self, load)(gateway)
                    pause(gateway)

    def remember_all(self, when, load):
        for gateway in self.there:
            if gateway.name != "direct":
                self.remember(gateway, when, load)

    def open(self, gateway):
        """As many streams open at once as files may be open, up to 10,000."""
        say(f"open streams: {gateway.label}")
        slow = self.results["loads"].get("streams-2000", {}).get(gateway.name, {}).get("complete", [1])
        streams = min(10_000, (peers.limit() - 1000) // 2)
        if statistics.median(slow) < 0.9:
            self.results["open"][gateway.name] = {"why": "it did not complete 2,000 streams"}
            return
        before = gateway_rss(gateway, "streams")
        most = [before]
        command = ["streams", gateway.streams.url, gateway.streams.named("stream-4-2000"), "|".join(gateway.streams.headers)]
        self.seed += 1_000_000
        line = "\t".join([*command, str(streams), "3000", "20000", str(self.seed % 2_000_000_000)])
        self.loads.stdin.write(line + "\n")
        self.loads.stdin.flush()
        while not select.select([self.loads.stdout], [], [], 0.5)[0]:
            most.append(gateway_rss(gateway, "streams"))
        said = self.heard()
        settle(gateway.of("streams"))
        self.results["open"][gateway.name] = {
            "streams": streams,
            "complete": said["complete"],
            "before": round(before, 1),
            "most": round(max(most), 1),
            **pick(said, "first_p50", "first_p99", "delay_p50", "delay_p99"),
        }
        self.remember(gateway, "after_streams", "streams")
        self.forget([gateway])

    def idle(self, gateway):
        """What a connection that is kept alive takes."""
        say(f"idle connections: {gateway.label}")
        settle(gateway.of("json"))
        before = gateway_rss(gateway, "json")
        asked = min(10_000, peers.limit() - 1000)
        opened = self.ask("idle", gateway.whole, "m", asked, 8)["connections"]
        settle(gateway.of("json"))
        after = gateway_rss(gateway, "json")
        self.command("close")
        settle(gateway.of("json"))
        self.results["idle"][gateway.name] = {
            "connections": opened,
            "kb_each": round((after - before) * 1024 / max(opened, 1), 2),
        }


class Model:
    """A target that is always asked for this model."""

    def __init__(self, target, model):
        self.url, self.headers, self.name = target.url, target.headers, target.named(model)

    def named(self, _):
        return self.name


def chat(target):
    headers = dict(header.split(": ", 1) for header in target.headers)
    body = {"model": target.named("m"), "temperature": 0, "messages": [{"role": "user", "content": f"Hello {time.time_ns()}"}]}
    if target.named("m").find("stream-") >= 0:
        body["stream"] = True
    return urllib.request.Request(target.url, json.dumps(body).encode(), {"Content-Type": "application/json", **headers})


def gateway_rss(gateway, load):
    return sum(process.rss() for process in gateway.of(load))


def pause(gateway):
    for process in gateway.processes:
        process.pause()


def resume(gateway):
    for process in gateway.processes:
        process.resume()


def ratio(load, row, before, after):
    """Of nginx: in requests or chunks a second where there are such."""
    if "rate" not in row:
        return None
    return round(row["rate"] / ((before["rate"] + after["rate"]) / 2), 4)


def pick(said, *keys):
    return {key: said[key] for key in keys if said.get(key) is not None}


def spread(values):
    return {
        "median": round(statistics.median(values), 4),
        "least": round(min(values), 4),
        "most": round(max(values), 4),
        "values": [round(value, 4) for value in values],
    }


def last_line(log):
    lines = Path(log).read_text(errors="replace").strip().splitlines()
    return lines[-1][:300] if lines else "it said nothing"


def say(text):
    print(f"{datetime.now(timezone.utc):%H:%M:%S} {text}", file=sys.stderr, flush=True)
