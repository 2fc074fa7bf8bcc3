package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FieldRulesTest {

  private static final FieldRules RULES =
      FieldRules.NONE
          .rename("max_completion_tokens", "max_tokens")
          .rename("seed", "random_seed")
          .drop("user", "store", "stream_options");

  private static final String HEAD =
      "{\"model\":\"m\",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]";

  private static String sent(String body) {
    return new String(ChatRequest.parse(body.getBytes(UTF_8)).forUpstream("m", RULES), UTF_8);
  }

  @Test
  void aRequestWithoutTheFieldsStaysAsItIs() {
    byte[] body = (HEAD + " , \"temperature\" : 1e0}").getBytes(UTF_8);
    assertThat(ChatRequest.parse(body).forUpstream("m", RULES)).isSameAs(body);
  }

  @Test
  void fieldsAreRenamedWhereTheyStand() {
    assertThat(sent(HEAD + ", \"seed\" : 7,\"max_completion_tokens\":5 }"))
        .isEqualTo(HEAD + ", \"random_seed\" : 7,\"max_tokens\":5 }");
  }

  @Test
  void theNewerLimitWinsOverTheOlder() {
    assertThat(sent(HEAD + ",\"max_tokens\":9,\"max_completion_tokens\":5}"))
        .isEqualTo(HEAD + ",\"max_tokens\":5}");
    assertThat(sent(HEAD + ",\"max_completion_tokens\":5,\"max_tokens\":9}"))
        .isEqualTo(HEAD + ",\"max_tokens\":5}");
    assertThat(sent(HEAD + ",\"max_tokens\":9}")).isEqualTo(HEAD + ",\"max_tokens\":9}");
  }

  @Test
  void fieldsAreLeftOutWhereverTheyStand() {
    String rest = HEAD.substring(1);
    assertThat(sent("{\"user\":\"u\", " + rest + "}")).isEqualTo("{" + rest + "}");
    assertThat(sent(HEAD + ",\"user\":\"a,\\\"b\",\"store\" : true ,\"n\":1}"))
        .isEqualTo(HEAD + ",\"n\":1}");
    assertThat(sent(HEAD + ",\"n\":1 ,\"store\":{\"a\":[1]},\"user\":\"u\" }"))
        .isEqualTo(HEAD + ",\"n\":1 }");
    assertThat(sent(HEAD + ",\"\\u0075ser\":\"u\"}")).isEqualTo(HEAD + "}");
  }

  @Test
  void usageIsNotAskedForWhereThatIsRefused() {
    assertThat(sent(HEAD + ",\"stream\":true}")).isEqualTo(HEAD + ",\"stream\":true}");
    assertThat(sent(HEAD + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}"))
        .isEqualTo(HEAD + ",\"stream\":true}");
    byte[] other =
        ChatRequest.parse((HEAD + ",\"seed\":1,\"stream\":true}").getBytes(UTF_8))
            .forUpstream("x", FieldRules.NONE.rename("seed", "random_seed"));
    assertThat(new String(other, UTF_8))
        .isEqualTo(
            "{\"model\":\"x\",\"stream_options\":{\"include_usage\":true},"
                + HEAD.substring(13)
                + ",\"random_seed\":1,\"stream\":true}");
  }

  @Test
  void whatIsLeftOutIsNamed() {
    ChatRequest request =
        ChatRequest.parse((HEAD + ",\"store\":true,\"n\":1,\"user\":\"u\"}").getBytes(UTF_8));
    assertThat(request.leftOut(RULES)).containsExactly("store", "user");
    assertThat(request.leftOut(FieldRules.NONE)).isEmpty();
  }
}
