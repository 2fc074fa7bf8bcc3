package io.iir.local;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import oshi.SystemInfo;
import oshi.software.os.InternetProtocolStats.IPConnection;
import oshi.software.os.InternetProtocolStats.TcpState;

/** Where a process listens. Blocks for some milliseconds. */
final class ListeningPorts {

  private static final Logger LOG = LoggerFactory.getLogger(ListeningPorts.class);

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
    for (IPConnection each : connections()) {
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

  private static List<IPConnection> connections() {
    try {
      return new SystemInfo().getOperatingSystem().getInternetProtocolStats().getConnections();
    } catch (RuntimeException | LinkageError e) { // its native library may not load
      LOG.debug("where processes listen is not known here", e);
      return List.of();
    }
  }
}
