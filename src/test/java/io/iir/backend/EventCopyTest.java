package io.iir.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class EventCopyTest {

  private static final byte[] KILOBYTE = new byte[1 << 10];

  private final CopyRoom room = new CopyRoom(2 * EventCopy.BLOCK);

  private EventCopy copy(int kilobytes) {
    EventCopy copy = new EventCopy(1 << 20, room);
    for (int i = 0; i < kilobytes; i++) {
      copy.add(KILOBYTE, 0, KILOBYTE.length);
    }
    return copy;
  }

  @Test
  void allTogetherTakeNoMoreThanTheRoom() {
    EventCopy first = copy(3);
    EventCopy second = copy(3);
    EventCopy third = copy(1);

    assertThat(first.whole()).isTrue();
    assertThat(second.events()).hasSize(3);
    assertThat(third.whole()).isFalse();
    assertThat(third.events()).isEmpty();
    assertThat(room.free()).isZero();
  }

  @Test
  void whatIsGivenUpOrClosedGivesItsRoomBackOnce() {
    EventCopy tooLong = copy(9);
    assertThat(tooLong.whole()).isFalse();
    assertThat(room.free()).isEqualTo(2 * EventCopy.BLOCK);

    EventCopy closed = copy(1);
    assertThat(room.free()).isEqualTo(EventCopy.BLOCK);
    closed.close();
    closed.close();
    closed.add(KILOBYTE, 0, 10);
    assertThat(closed.whole()).isFalse();
    assertThat(room.free()).isEqualTo(2 * EventCopy.BLOCK);
  }
}
