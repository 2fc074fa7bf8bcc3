import io.netty.channel.epoll.EpollEventLoopGroup;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The loads that wrk cannot make, in one process that stays warm: reads a command a line from the
 * standard input and prints a line of JSON for each. The parts of a command are separated by tabs:
 *
 * <ul>
 *   <li>{@code rate URL MODEL HEADERS RATE SECONDS FROM}
 *   <li>{@code streams URL MODEL HEADERS STREAMS OPENING-MS LIMIT-MS FROM}
 *   <li>{@code idle URL MODEL HEADERS CONNECTIONS SECONDS}, and {@code close} to end these
 * </ul>
 *
 * HEADERS are separated by vertical bars.
 */
final class Loads {

  private Loads() {}

  public static void main(String[] args) throws Exception {
    EpollEventLoopGroup loops = new EpollEventLoopGroup(1);
    BufferedReader commands =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    try (IdleConnections idle = new IdleConnections()) {
      for (String line = commands.readLine(); line != null; line = commands.readLine()) {
        System.out.println(run(line.split("\t", -1), loops, idle));
      }
    }
    System.exit(0);
  }

  private static String run(String[] command, EpollEventLoopGroup loops, IdleConnections idle)
      throws Exception {
    if (command[0].equals("close")) {
      idle.close();
      return "{}";
    }
    List<String> headers = command[3].isEmpty() ? List.of() : List.of(command[3].split("\\|"));
    Target target = new Target(URI.create(command[1]), command[2], headers);
    int[] numbers = Arrays.stream(command).skip(4).mapToInt(Integer::parseInt).toArray();
    return switch (command[0]) {
      case "rate" -> FixedRate.measure(target, numbers[0], numbers[1], numbers[2]);
      case "streams" ->
          new StreamLoad(loops, target, numbers[3]).measure(numbers[0], numbers[1], numbers[2]);
      case "idle" -> "{\"connections\":%d}".formatted(idle.open(target, numbers[0], numbers[1]));
      default -> throw new IllegalArgumentException("unknown load " + command[0]);
    };
  }
}
