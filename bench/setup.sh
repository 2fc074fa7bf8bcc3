# Sourced by the benchmarks: builds the gateway if need be, and starts what they measure.
# Everything listens on loopback, and what was started here ends with the script.
set -euo pipefail

BENCH=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
ROOT=$(dirname "$BENCH")
WORK=$(mktemp -d)
UPSTREAM_PORT=${UPSTREAM_PORT:-19100}
GATEWAY_PORT=${GATEWAY_PORT:-19102}
UPSTREAM=http://127.0.0.1:$UPSTREAM_PORT
GATEWAY=http://127.0.0.1:$GATEWAY_PORT
ADMIN_KEY=sk-bench-admin-0123456789
PIDS=()

finish() {
  local pid
  for pid in "${PIDS[@]}"; do kill "$pid" 2>/dev/null || true; done
  for pid in "${PIDS[@]}"; do wait "$pid" 2>/dev/null || true; done
  rm -rf "$WORK"
}
trap finish EXIT

die() {
  echo "$*" >&2
  exit 1
}

# need PROGRAM…: ends the script where one is not installed.
need() {
  local program
  for program in "$@"; do command -v "$program" >/dev/null || die "$program is not installed: bench/install"; done
}

# Prints a java of version 25 or later.
find_java() {
  local java version
  for java in "${JAVA_HOME:-/nowhere}/bin/java" "$(command -v java || true)" /usr/lib/jvm/*/bin/java; do
    [ -x "$java" ] || continue
    version=$("$java" -XshowSettings:properties -version 2>&1 | sed -n 's/.*java.specification.version = //p')
    if [ "${version%%.*}" -ge 25 ] 2>/dev/null; then
      echo "$java"
      return
    fi
  done
  die "no JDK 25 found: set JAVA_HOME"
}

JAVA=$(find_java)
# BENCH_PROFILE=encoder: what Maven's profile of that name builds, in a folder of its own.
BUILT=$ROOT/target${BENCH_PROFILE:+/$BENCH_PROFILE}
CLASSPATH_FILE=$BUILT/bench.classpath

build() {
  [ "${SKIP_BUILD:-}" = true ] && [ -f "$CLASSPATH_FILE" ] && return
  (cd "$ROOT" && ./mvnw -B -q ${BENCH_PROFILE:+-P "$BENCH_PROFILE"} -Dmaven.test.skip=true compile dependency:build-classpath \
    -DincludeScope=runtime -Dmdep.outputFile="$CLASSPATH_FILE")
}

# await URL: until it answers 200, or half a minute (PATIENCE tenths of a second) has passed.
await() {
  local i
  for i in $(seq "${PATIENCE:-300}"); do
    curl -sf -o /dev/null "$1" && return
    sleep 0.1
  done
  die "$1 does not answer"
}

# The upstream: a chat answer of 363 bytes, from memory.
start_upstream() {
  local answer
  answer='{"id":"chatcmpl-0123456789abcdef","object":"chat.completion","created":1700000000,"model":"m","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over the lazy dog. The quick brown fox jumps over the lazy dog, and on it goes, again."},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":21,"completion_tokens":25,"total_tokens":46}}'
  nginx_process upstream "
    server {
      listen 127.0.0.1:$UPSTREAM_PORT backlog=4096;
      location / { default_type application/json; return 200 '$answer'; }
    }"
  await "$UPSTREAM/"
}

# nginx_process NAME SERVERS: nginx with one worker.
nginx_process() {
  need nginx
  mkdir -p "$WORK/$1"
  cat >"$WORK/$1/nginx.conf" <<END
daemon off;
worker_processes 1;
pid $WORK/$1/pid;
error_log $WORK/$1/error.log warn;
events { worker_connections 8192; }
http {
  access_log off;
  keepalive_requests 100000000;
  client_body_buffer_size 128k;
  client_body_temp_path $WORK/$1/body;
  proxy_temp_path $WORK/$1/proxy;
  fastcgi_temp_path $WORK/$1/fastcgi;
  uwsgi_temp_path $WORK/$1/uwsgi;
  scgi_temp_path $WORK/$1/scgi;
  $2
}
END
  nginx -p "$WORK/$1" -c "$WORK/$1/nginx.conf" &
  PIDS+=($!)
}

# start_gateway [JVM OPTION…]: with every step on; sets GATEWAY_PID and KEY, a user's key with wide limits.
start_gateway() {
  mkdir -p "$WORK/gateway"
  cat >"$WORK/gateway/iir.yaml" <<END
iir:
  port: $GATEWAY_PORT
  host: 127.0.0.1
  data-dir: $WORK/gateway
  routes-dir: ${ROUTES:-$ROOT/routes}
  admin-key: $ADMIN_KEY
  providers:
    bench:
      base-url: $UPSTREAM/v1
      api-key: sk-upstream
      models: any
      max-connections: 4096
      max-pending: 4096
  discovery: {environment: false, local-ports: []}
  cache: {max-size: ${CACHE_SIZE:-256MB}}
END
  local java=("$JAVA" -XX:+UseParallelGC -Xmx512m --enable-native-access=ALL-UNNAMED
    --sun-misc-unsafe-memory-access=allow "$@"
    -cp "$ROOT/target/classes:$(cat "$CLASSPATH_FILE")" io.iir.IirApplication)
  (cd "$WORK/gateway" && IIR_CONFIG=$WORK/gateway/iir.yaml exec "${java[@]}") >"$WORK/gateway/log" 2>&1 &
  GATEWAY_PID=$!
  PIDS+=("$GATEWAY_PID")
  (await "$GATEWAY/health/ready") || { cat "$WORK/gateway/log" >&2; exit 1; }
  KEY=$(curl -sf "$GATEWAY/api/v1/apikeys" -H "Authorization: Bearer $ADMIN_KEY" \
    -H 'Content-Type: application/json' -d '{"name":"bench","limits":{"rpm":1000000000,"tpm":2000000000,"concurrency":100000}}' |
    sed -n 's/.*"key":"\([^"]*\)".*/\1/p')
  [ -n "$KEY" ] || die "no key was made"
}

# load NAME ARGUMENTS…: runs load/NAME.java.
load() {
  local name=$1
  shift
  "$JAVA" -XX:+UseParallelGC -Xmx512m --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$(cat "$CLASSPATH_FILE")" "$BENCH/load/$name.java" "$@"
}

# rss PID: resident memory in MB.
rss() {
  awk '/^VmRSS/ {print int($2 / 1024)}' "/proc/$1/status"
}

# cpu_millis PID: processor time of a process and its children that still run, in milliseconds.
cpu_millis() {
  cat "/proc/$1/stat" $(pgrep -P "$1" | sed 's:.*:/proc/&/stat:') |
    awk -v tick="$(getconf CLK_TCK)" '{ sub(/.*\) /, ""); time += $12 + $13 } END { print int(time * 1000 / tick) }'
}

# heap PID: what of the heap is taken after a full collection, in MB.
heap() {
  "$(dirname "$JAVA")/jcmd" "$1" GC.run >/dev/null
  "$(dirname "$JAVA")/jstat" -gc "$1" | awk '
    NR == 1 { for (i = 1; i <= NF; i++) column[$i] = i }
    NR == 2 { printf "%.1f\n", ($column["S0U"] + $column["S1U"] + $column["EU"] + $column["OU"]) / 1024 }'
}

machine() {
  echo "$(date -u +%F), $(nproc) cores ($(sed -n 's/^model name.*: //p' /proc/cpuinfo | head -1)), $(free -g | awk '/^Mem/ {print $2}') GB, $("$JAVA" -version 2>&1 | sed -n 2p), $(nginx -v 2>&1 | cut -d: -f2- | xargs)"
  echo "commit $(git -C "$ROOT" rev-parse --short HEAD), load average before: $(cut -d' ' -f1-3 /proc/loadavg)"
}

# metric NAME: the sum of a metric of the gateway's over its tags.
metric() {
  curl -sf "$GATEWAY/metrics" | awk -v name="$1" '
    index($1, name "{") == 1 || $1 == name { sum += $NF } END { printf "%.0f\n", sum }'
}

in_flight() {
  metric iir_requests_in_flight
}

requests() {
  metric iir_requests_total
}
