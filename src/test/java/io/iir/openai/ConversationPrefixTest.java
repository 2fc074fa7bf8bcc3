package io.iir.openai;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class ConversationPrefixTest {

  private static final String SYSTEM = "{\"role\":\"system\",\"content\":\"Be brief.\"}";
  private static final String FIRST =
      "{\"role\":\"user\",\"content\":[{\"type\":\"text\",\"text\":\"Hi\"}]}";
  private static final String REPLY = "{\"role\":\"assistant\",\"content\":\"Hello\"}";

  @Test
  void staysTheSameWhileTheConversationGoesOn() {
    long start = hash(SYSTEM + "," + FIRST);
    assertThat(
            hash(SYSTEM + ", " + FIRST + "," + REPLY + ",{\"role\":\"user\",\"content\":\"So?\"}"))
        .isEqualTo(start);
    assertThat(hash(FIRST)).isNotEqualTo(start);
    assertThat(hash(SYSTEM + ",{\"role\":\"user\",\"content\":\"Bye\"}")).isNotEqualTo(start);
    assertThat(hash(SYSTEM.replace("brief", "long") + "," + FIRST)).isNotEqualTo(start);
  }

  @Test
  void whatHasNoBeginningHasNone() {
    assertThat(ConversationPrefix.hash("{}".getBytes(StandardCharsets.UTF_8))).isZero();
    assertThat(ConversationPrefix.hash("[".getBytes(StandardCharsets.UTF_8))).isZero();
  }

  private static long hash(String messages) {
    return ConversationPrefix.hash(
        "{\"model\":\"a/b\",\"tools\":[{}],\"messages\":[%s],\"stream\":true}"
            .formatted(messages)
            .getBytes(StandardCharsets.UTF_8));
  }
}
