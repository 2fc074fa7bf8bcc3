#!/usr/bin/env bash
# Makes the AOT cache of a gateway: starts it, asks it what clients ask, stops it, and leaves what the JVM learnt in
# FOLDER/iir.aot. FOLDER is what `java -Djarmode=tools -jar iir.jar extract` leaves: iir.jar and lib.
#   deploy/aot-cache.sh FOLDER [ROUNDS]
# The cache is good for this JVM, these files and these flags; JAVA names another java than that of the PATH.
# The run asks the simulator only. It gets nothing of the environment, and what it writes is deleted.
set -euo pipefail

folder=$(cd "${1:?Name the folder that holds iir.jar and lib.}" && pwd)
rounds=${2:-60}
java=$(command -v "${JAVA:-java}") || { echo "There is no ${JAVA:-java}: set JAVA to the path of a JDK 25's java." >&2; exit 1; }
options=$(cd "$(dirname "$0")" && pwd)/jvm.options
[ -f "$folder/iir.jar" ] && [ -d "$folder/lib" ] || {
  echo "$folder holds no iir.jar and lib: java -Djarmode=tools -jar target/iir.jar extract --destination $folder" >&2
  exit 1
}

work=$(mktemp -d)
gateway=
finish() {
  [ -z "$gateway" ] || kill -KILL "$gateway" 2>/dev/null || true
  rm -rf "$work"
}
trap finish EXIT
key=$(od -An -N24 -tx1 /dev/urandom | tr -d ' \n')
fail() {
  echo "$1 It said:" >&2
  sed "s/$key/…/g" "$work/log" >&2
  exit 1
}

# Away from the operator's files: the folders config and routes are looked for where it runs. Messages of the JVM go
# to the end of the log, with those of its child that writes the cache.
: >"$work/log"
rm -f "$folder/iir.aot" "$folder/iir.aot.config"
cd "$work"
env -i PATH="$PATH" HOME="$work" IIR_PORT=0 IIR_HOST=127.0.0.1 IIR_DATA_DIR="$work/data" IIR_ADMIN_KEY="$key" \
  IIR_DISCOVERY_ENVIRONMENT=false IIR_DISCOVERY_LOCALPORTS= IIR_LIMITS_DEFAULT_RPM=1000000 IIR_LIMITS_DEFAULT_TPM=1000000000 \
  "$java" -XX:AOTCacheOutput="$folder/iir.aot" "@$options" -jar "$folder/iir.jar" >"$work/log" 2>&1 &
gateway=$!

port=
for ((i = 0; i < 1800 && ${#port} == 0; i++)); do
  kill -0 "$gateway" 2>/dev/null || fail "The gateway did not start."
  port=$(sed -n 's|.*listens on http://localhost:\([0-9]*\).*|\1|p' "$work/log")
  [ -n "$port" ] || sleep 0.1
done
[ -n "$port" ] || fail "The gateway did not start within three minutes."

# request METHOD PATH [BODY]: sent on a connection of its own; the answer goes to the standard output.
request() {
  local body=${3:-}
  exec 3<>"/dev/tcp/127.0.0.1/$port"
  printf '%s %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: Bearer %s\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s' \
    "$1" "$2" "$key" "${#body}" "$body" >&3
  cat <&3
  exec 3>&-
}
# chat MORE: a prompt that is another each time, so that no cache answers.
chat() {
  request POST /v1/chat/completions \
    "{\"model\":\"sim/echo\",\"messages\":[{\"role\":\"user\",\"content\":\"Write a function that adds $RANDOM and $RANDOM\"}]$1}"
}
ask() {
  local i
  for ((i = 0; i < rounds; i++)); do
    chat ''
    chat ',"temperature":0'
    chat ',"stream":true,"stream_options":{"include_usage":true}'
    request POST /v1/chat/completions '{"model":"auto","messages":[{"role":"user","content":"Hello"}]}'
    request POST /v1/messages '{"model":"sim/echo","max_tokens":64,"messages":[{"role":"user","content":"Hello"}]}'
    request POST /v1/responses '{"model":"sim/echo","input":"Hello"}'
    request POST /v1/embeddings '{"model":"sim/echo","input":"Hello"}'
    request GET /v1/models
    request GET /health/ready
    request GET /metrics
  done
}

sent=$((rounds * 10))
ask >"$work/answers"
answered=$(grep -ao 'HTTP/1\.1 200 OK' "$work/answers" | wc -l)
[ "$answered" = "$sent" ] || {
  grep -ao 'HTTP/1\.1 [0-9]* [A-Za-z ]*' "$work/answers" | sort | uniq -c >&2
  fail "Of $sent requests $answered were answered with 200."
}

kill -TERM "$gateway"
wait "$gateway" || true
gateway=
[ -s "$folder/iir.aot" ] || fail "The JVM wrote no cache."
echo "$folder/iir.aot: $(($(wc -c <"$folder/iir.aot") >> 20)) MB, from $sent requests"
