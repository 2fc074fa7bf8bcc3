package io.iir.local;

import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;

/** Where a process listens. Blocks for some milliseconds. */
final class ListeningPorts {

  private ListeningPorts() {}

  /**
   * {@code , but it listens on 8080} if the process, or one that it started, listens on other ports
   * than {@code port}; empty if not, or if that cannot be found out.
   */
  static String otherThan(int port, long pid) {
    Set<Long> ours =
        ProcessHandle.of(pid).stream()
            .flatMap(ProcessHandle::descendants)
            .map(ProcessHandle::pid)
            .collect(Collectors.toSet());
    ours.add(pid);
    Set<Integer> ports = new TreeSet<>();
    for (IPConnection each :
        new SystemInfo().getOperatingSystem().getInternetProtocolStats().getConnections()) {
      if (each.getState() == TcpState.LISTEN
          && each.getLocalPort() != port
          && ours.contains((long) each.getowningProcessId())) {
        ports.add(each.getLocalPort());
      }
    }
    return ports.isEmpty()
        ? ""
        : ", but it listens on %s: give it the port by {port} in its command"
            .formatted(ports.stream().map(String::valueOf).collect(Collectors.joining(", ")));
  }
}
