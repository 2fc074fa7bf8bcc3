package io.iir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;

/**
 * A DNS server (RFC 1035) for which every name is this machine's loopback address: a fake provider
 * is, by its name, a service on the Internet. Close it.
 */
public final class FakeDns implements AutoCloseable {

  private static final int HEADER = 12;
  private static final int LONGEST = 512;
  private static final short ANSWER = (short) 0x8180;
  private static final short A = 1;

  private final DatagramSocket socket;

  /** A server on a free port of this machine. */
  public FakeDns() {
    try {
      socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Thread.ofVirtual().name("fake-dns").start(this::serve);
  }

  /** Where it is asked. */
  public InetSocketAddress address() {
    return (InetSocketAddress) socket.getLocalSocketAddress();
  }

  private void serve() {
    byte[] bytes = new byte[LONGEST];
    while (!socket.isClosed()) {
      try {
        DatagramPacket query = new DatagramPacket(bytes, bytes.length);
        socket.receive(query);
        byte[] answer = answer(bytes);
        socket.send(new DatagramPacket(answer, answer.length, query.getSocketAddress()));
      } catch (IOException e) {
        return; // closed
      }
    }
  }

  private static byte[] answer(byte[] bytes) {
    ByteBuffer query = ByteBuffer.wrap(bytes);
    int end = HEADER;
    while (query.get(end) != 0) {
      end += query.get(end) + 1;
    }
    boolean known = query.getShort(end + 1) == A;
    int question = end + 5 - HEADER;
    ByteBuffer answer = ByteBuffer.allocate(LONGEST);
    answer.putShort(query.getShort(0)).putShort(ANSWER);
    answer.putShort((short) 1).putShort((short) (known ? 1 : 0)).putInt(0);
    answer.put(bytes, HEADER, question);
    if (known) {
      // The name of the question, type A, class IN, for a minute, four bytes.
      answer.putShort((short) 0xc00c).putShort(A).putShort((short) 1).putInt(60);
      answer.putShort((short) 4).put(new byte[] {127, 0, 0, 1});
    }
    byte[] all = new byte[answer.position()];
    answer.flip().get(all);
    return all;
  }

  @Override
  public void close() {
    socket.close();
  }
}
