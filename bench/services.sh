# Sourced after setup.sh by benchmarks of several gateways: starts what these share, and a second gateway.
REDIS_PORT=${REDIS_PORT:-19105}
POSTGRES_PORT=${POSTGRES_PORT:-19106}
SECOND_PORT=${SECOND_PORT:-19103}
SECOND=http://127.0.0.1:$SECOND_PORT
PASSWORD=bench
export DATABASE_URL=postgres://iir:$PASSWORD@127.0.0.1:$POSTGRES_PORT/iir
export REDIS_URL=redis://127.0.0.1:$REDIS_PORT
REDIS=(redis-server --port "$REDIS_PORT" --bind 127.0.0.1 --save '' --appendonly no --dir "$WORK")

start_redis() {
  command -v redis-server >/dev/null || die "no redis-server: bench/install"
  "${REDIS[@]}" >"$WORK/redis.log" &
  REDIS_PID=$!
  PIDS+=("$REDIS_PID")
}

# PostgreSQL refuses to run as root: it then runs as its own user.
AS_POSTGRES=()
[ "$(id -u)" != 0 ] || AS_POSTGRES=(setpriv --reuid=postgres --regid=postgres --clear-groups)

start_postgres() {
  local bin data=$WORK/postgres
  bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
  [ -x "$bin/postgres" ] || die "no PostgreSQL: bench/install"
  chmod 711 "$WORK"
  mkdir "$data"
  [ "$(id -u)" != 0 ] || chown postgres "$data"
  echo "$PASSWORD" >"$WORK/password"
  chmod 644 "$WORK/password"
  "${AS_POSTGRES[@]}" "$bin/initdb" -D "$data" -U iir --pwfile="$WORK/password" -A scram-sha-256 >"$WORK/postgres.log"
  "${AS_POSTGRES[@]}" "$bin/postgres" -D "$data" -p "$POSTGRES_PORT" -c listen_addresses=127.0.0.1 -k '' >>"$WORK/postgres.log" 2>&1 &
  PIDS+=($!)
  local i
  for i in $(seq 100); do
    PGPASSWORD=$PASSWORD "$bin/psql" -h 127.0.0.1 -p "$POSTGRES_PORT" -U iir -d postgres -qc 'create database iir' \
      2>/dev/null && return
    sleep 0.1
  done
  cat "$WORK/postgres.log" >&2
  die "PostgreSQL does not start"
}

# The second gateway: as the first, on a port and with a data directory of its own.
start_second() {
  mkdir -p "$WORK/second"
  sed -e "s/port: .*/port: $SECOND_PORT/; s#data-dir: .*#data-dir: $WORK/second#" \
    "$WORK/gateway/iir.yaml" >"$WORK/second/iir.yaml"
  (cd "$WORK/second" && IIR_CONFIG=$WORK/second/iir.yaml exec "$JAVA" -XX:+UseParallelGC -Xmx512m \
    --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow \
    -cp "$ROOT/target/classes:$(cat "$CLASSPATH_FILE")" io.iir.IirApplication) >"$WORK/second/log" 2>&1 &
  SECOND_PID=$!
  PIDS+=("$SECOND_PID")
  (await "$SECOND/health/ready") || { cat "$WORK/second/log" >&2; exit 1; }
}
