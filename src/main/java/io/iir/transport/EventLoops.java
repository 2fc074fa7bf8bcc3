package io.iir.transport;

import io.netty.channel.Channel;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.DatagramChannel;
import io.netty.channel.socket.SocketChannel;
import io.netty.resolver.AddressResolverGroup;
import io.netty.resolver.dns.DnsAddressResolverGroup;
import io.netty.resolver.dns.DnsServerAddressStreamProvider;
import io.netty.resolver.dns.DnsServerAddressStreamProviders;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import reactor.netty.resources.LoopResources;

/**
 * The event loops that carry both clients' connections and calls to providers, one a processor.
 *
 * <p>A call to a provider runs on the loop of the client it is made for, so that nothing between
 * the two needs a lock or a hop. Thread-safe.
 */
public final class EventLoops implements AutoCloseable {

  /** They end when nothing was asked of them for so long: the server is gone by then. */
  private static final Duration QUIET = Duration.ofMillis(100);

  private static final Duration LONGEST_END = Duration.ofSeconds(15);

  private final LoopResources resources;
  private final EventLoopGroup group;
  private final Class<? extends Channel> socketType;
  private final AddressResolverGroup<InetSocketAddress> resolver;
  private final List<Deadlines> deadlines = new ArrayList<>();

  /** Starts {@code count} loops, which look names up as this machine does. */
  public EventLoops(int count) {
    this(count, DnsServerAddressStreamProviders.platformDefault());
  }

  /** Starts {@code count} loops, which ask {@code names} for the addresses of hosts. */
  public EventLoops(int count, DnsServerAddressStreamProvider names) {
    this.resources = LoopResources.create("iir", 1, count, true, true);
    this.group = resources.onServer(true);
    this.socketType = resources.onChannelClass(SocketChannel.class, group);
    this.resolver =
        new DnsAddressResolverGroup(resources.onChannelClass(DatagramChannel.class, group), names);
    group.forEach(loop -> deadlines.add(new Deadlines((EventLoop) loop)));
  }

  /** The loops as reactor-netty's server takes them. */
  public LoopResources resources() {
    return resources;
  }

  /** How many loops there are. */
  public int count() {
    return deadlines.size();
  }

  /** Any loop, for a call that no client's connection belongs to. */
  public EventLoop any() {
    return group.next();
  }

  /** The deadlines that {@code loop} watches. */
  public Deadlines deadlines(EventLoop loop) {
    for (Deadlines candidate : deadlines) {
      if (candidate.loop().equals(loop)) {
        return candidate;
      }
    }
    throw new IllegalArgumentException("not one of these loops: " + loop);
  }

  /** All loops' deadlines, to measure how late the loops run. */
  public List<Deadlines> all() {
    return List.copyOf(deadlines);
  }

  /** The kind of client socket that fits these loops. */
  public Class<? extends Channel> socketType() {
    return socketType;
  }

  /** Looks host names up without blocking a loop. */
  public AddressResolverGroup<InetSocketAddress> resolver() {
    return resolver;
  }

  @Override
  public void close() {
    resolver.close();
    resources.disposeLater(QUIET, LONGEST_END).block();
  }
}
