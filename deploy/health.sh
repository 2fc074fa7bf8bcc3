#!/usr/bin/env bash
# Whether the gateway on this machine takes requests: ends with 0 where /health/ready answers 200, by TLS where it has
# it. Alive is not enough: a gateway that stops, or whose routes do not run yet, takes none.
port=${IIR_PORT:-8000}
ask() { printf 'GET /health/ready HTTP/1.0\r\n\r\n'; }
ready() { head -n 1 | grep -aq ' 200 '; }
(exec 3<>"/dev/tcp/127.0.0.1/$port" && ask >&3 && ready <&3) 2>/dev/null ||
  ask | openssl s_client -quiet -connect "127.0.0.1:$port" 2>/dev/null | ready
