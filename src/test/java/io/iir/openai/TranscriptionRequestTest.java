package io.iir.openai;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.auth.Sha256;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TranscriptionRequestTest {

  private static final String TYPE = "multipart/form-data; boundary=AaB";
  private static final String FILE = file("RIFF\u0000\u00ff\r\n--Aa\r\n");

  private static String file(String content) {
    return """
    --AaB\r
    Content-Disposition: form-data; name="file"; filename="a.wav"\r
    Content-Type: audio/wav\r
    \r
    %s\r
    """
        .formatted(content);
  }

  private static String field(String name, String value) {
    return "--AaB\r\nContent-Disposition: form-data; name=\"%s\"\r\n\r\n%s\r\n"
        .formatted(name, value);
  }

  private static byte[] form(String... parts) {
    return (String.join("", parts) + "--AaB--\r\n").getBytes(ISO_8859_1);
  }

  private static TranscriptionRequest parse(String... parts) {
    return TranscriptionRequest.parse(form(parts), TYPE);
  }

  @Test
  void readsWhatTheGatewayNeeds() {
    TranscriptionRequest request =
        parse(
            FILE,
            field("model", "openai/whisper-1"),
            field("prompt", "Hello there"),
            field("stream", "true"),
            field("models[]", "a"),
            field("models[]", "b"));
    assertThat(request.operation()).isEqualTo(Operation.TRANSCRIPTION);
    assertThat(request.model()).isEqualTo("openai/whisper-1");
    assertThat(request.text()).isEqualTo("Hello there");
    assertThat(request.stream()).isTrue();
    assertThat(request.fallbacks()).containsExactly("a", "b");
    assertThat(request.promptTokens()).isEqualTo(2 + 1);
    assertThat(request.contentType()).isEqualTo(TYPE);
    assertThat(request.hasTools()).isFalse();
    assertThat(request.maxTokens()).isEqualTo(-1);
    assertThat(request.toString()).doesNotContain("Hello").contains("whisper-1");
  }

  @Test
  void replacesTheModelAndNoOtherByte() {
    byte[] body = form(FILE, field("model", "auto"), field("language", "de"));
    TranscriptionRequest request = TranscriptionRequest.parse(body, TYPE);
    assertThat(request.forUpstream("auto")).isSameAs(body);
    assertThat(new String(request.forUpstream("größer"), ISO_8859_1))
        .isEqualTo(
            new String(
                form(
                    FILE,
                    field("model", new String("größer".getBytes(UTF_8), ISO_8859_1)),
                    field("language", "de")),
                ISO_8859_1));
    assertThat(request.size()).isEqualTo(body.length);
  }

  @Test
  void estimatesALongFileByItsSize() {
    assertThat(parse(field("model", "m"), file("x".repeat(160_000))).promptTokens()).isEqualTo(100);
  }

  @Test
  void digestsTheWholeForm() {
    assertThat(digest(FILE, field("model", "m"))).isEqualTo(digest(FILE, field("model", "m")));
    assertThat(digest(FILE, field("model", "m")))
        .isNotEqualTo(digest(file("x"), field("model", "m")));
  }

  private static byte[] digest(String... parts) {
    MessageDigest digest = Sha256.digest();
    parse(parts).digestInto(digest);
    return digest.digest();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          language=de                | model | 'model' is missing
          model=                     | model | 'model' must not be empty
          model=' '                  | model | 'model' must be one line
          model='a~b'                | model | 'model' must be one line
          model=a;model=b            | model | 'model' is in the form twice
          Model=a                    | Model | 'Model' must be written 'model'
          model=ÿ                    | model | 'model' is not valid UTF-8
          model=a;prompt=ÿ           | prompt | 'prompt' is not valid UTF-8
          model=a;stream=1;stream=0  | stream | 'stream' is in the form twice
          """)
  void namesTheFieldThatIsWrong(String fields, String param, String message) {
    StringBuilder parts = new StringBuilder();
    for (String field : fields.split(";", -1)) {
      String[] pair = field.split("=", 2);
      parts.append(field(pair[0], pair[1].replace("'", "").replace("~", "\r\n")));
    }
    refuses(param, message, parts.toString(), FILE);
  }

  @Test
  void wantsAFileWithSomethingInItAndAModelThatIsNone() {
    refuses("file", "'file' is missing", field("model", "m"));
    refuses("file", "'file' must not be empty", field("model", "m"), file(""));
    refuses("file", "'file' is in the form twice", field("model", "m"), FILE, FILE);
    refuses("model", "'model' must be a plain field", FILE.replace("\"file\"", "\"model\""), FILE);
    refuses("model", "at most 512 characters", field("model", "m".repeat(513)), FILE);
  }

  private static void refuses(String param, String message, String... parts) {
    assertThatThrownBy(() -> parse(parts))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(400);
              assertThat(e.error().code()).isEqualTo("invalid_request");
              assertThat(e.error().param()).isEqualTo(param);
              assertThat(e.error().message()).contains(message);
            });
  }
}
