package io.iir.openai;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iir.auth.Sha256;
import java.security.MessageDigest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class OperationRequestTest {

  /** A request with {@code fields} beside the model, written with ' for ". */
  private static OperationRequest of(Operation operation, String fields) {
    return parse(operation, "{\"model\":\"m\",%s}".formatted(fields.replace('\'', '"')));
  }

  private static OperationRequest parse(Operation operation, String json) {
    return OperationRequest.parse(operation, json.getBytes(UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          EMBEDDINGS | 'input':'Hello, world!'                   | Hello, world! | 4  | 1 | false
          EMBEDDINGS | 'input':['a','b']                         | a~b           | 2  | 2 | false
          EMBEDDINGS | 'input':[1,2,3]                           | ``            | 3  | 1 | false
          EMBEDDINGS | 'input':[[1,2,3],[4]]                     | ``            | 4  | 2 | false
          EMBEDDINGS | 'input':[{'text':'a'},{'image':'data:x'}] | a             | 766 | 2 | true
          MODERATION | 'input':['a']                             | a             | 1  | 1 | false
          MODERATION | 'input':[{'type':'text','text':'a'},{'type':'image_url','image_url':{'url':'x'}}] | a | 766 | 2 | true
          RERANK     | 'query':'a','documents':['b','c']         | a             | 3  | 2 | false
          RERANK     | 'documents':[{'text':'b'}],'query':{'text':'a'} | a       | 2  | 1 | false
          IMAGE      | 'prompt':'a'                              | a             | 1  | 1 | false
          SPEECH     | 'input':'a','voice':'alloy'               | a             | 1  | 1 | false
          """)
  void readsWhatTheGatewayNeeds(
      Operation operation, String fields, String text, int tokens, int count, boolean images) {
    OperationRequest request = of(operation, fields);
    assertThat(request.operation()).isEqualTo(operation);
    assertThat(request.model()).isEqualTo("m");
    assertThat(request.text()).isEqualTo(text.replace('~', '\n'));
    assertThat(request.promptTokens()).isEqualTo(tokens);
    assertThat(request.messageCount()).isEqualTo(count);
    assertThat(request.hasImages()).isEqualTo(images);
    assertThat(request.n()).isEqualTo(1);
    assertThat(request.stream()).isFalse();
    assertThat(request.contentType()).isEqualTo("application/json");
  }

  @Test
  void readsHowImagesAndSpeechAreWanted() {
    assertThat(of(Operation.IMAGE, "'prompt':'a','n':3,'stream':true").n()).isEqualTo(3);
    assertThat(of(Operation.IMAGE, "'prompt':'a','stream':true").stream()).isTrue();
    assertThat(of(Operation.SPEECH, "'input':'a','stream_format':'sse'").stream()).isTrue();
    assertThat(of(Operation.SPEECH, "'input':'a','stream_format':'audio'").stream()).isFalse();
    assertThat(of(Operation.EMBEDDINGS, "'input':'a','stream':true,'n':7").stream()).isFalse();
    assertThat(of(Operation.EMBEDDINGS, "'input':'a','models':['x']").fallbacks())
        .containsExactly("x");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          EMBEDDINGS | 'dimensions':3            | input     | 'input' is missing: send
          EMBEDDINGS | 'input':null              | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'input':''                | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'input':[]                | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'input':[null]            | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'input':[['a']]           | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'input':{'text':'a'}      | input     | 'input' must be a string, or an array
          EMBEDDINGS | 'Input':'a','input':'b'   | Input     | 'Input' must be written 'input'
          MODERATION | 'input':7                 | input     | 'input' must be a string, or an array
          RERANK     | 'query':'a'               | documents | 'documents' is missing: send
          RERANK     | 'documents':['a']         | query     | 'query' is missing: send
          RERANK     | 'query':['a'],'documents':['a'] | query | 'query' must be a string
          RERANK     | 'query':'a','documents':'b'  | documents | 'documents' must be an array
          RERANK     | 'query':'a','documents':[]   | documents | 'documents' must be an array
          RERANK     | 'query':'a','documents':[1]  | documents | 'documents' must be an array
          RERANK     | 'query':'a','documents':{}   | documents | 'documents' must be an array
          IMAGE      | 'prompt':['a']            | prompt    | 'prompt' must be a string
          IMAGE      | 'n':1                     | prompt    | 'prompt' is missing: send
          IMAGE      | 'prompt':'a','stream':1   | stream    | 'stream' must be true or false
          SPEECH     | 'input':''                | input     | 'input' must be a string
          """)
  void namesTheFieldThatIsWrong(Operation operation, String fields, String param, String message) {
    assertThatThrownBy(() -> of(operation, fields))
        .isInstanceOfSatisfying(
            ApiException.class,
            e -> {
              assertThat(e.error().status()).isEqualTo(400);
              assertThat(e.error().code()).isEqualTo("invalid_request");
              assertThat(e.error().param()).isEqualTo(param);
              assertThat(e.error().message()).startsWith(message);
            });
  }

  @ParameterizedTest
  @EnumSource(
      value = Operation.class,
      names = {"CHAT", "TRANSCRIPTION"},
      mode = EnumSource.Mode.EXCLUDE)
  void wantsAModelAndAnObject(Operation operation) {
    assertThatThrownBy(() -> parse(operation, "{}")).hasMessageContaining("'model' is missing");
    assertThatThrownBy(() -> parse(operation, "[]"))
        .hasMessageContaining("not an object: send {\"model\": ..., \"");
    assertThatThrownBy(() -> parse(operation, "")).hasMessageContaining("The body is empty");
  }

  @Test
  void replacesTheModelAndNoOtherByte() {
    byte[] sound = "{ \"input\" : [\"\\u00e4\"],\"model\":\"auto\",\"x\":1.0e0 }\n".getBytes(UTF_8);
    OperationRequest request = OperationRequest.parse(Operation.EMBEDDINGS, sound);
    assertThat(request.forUpstream("auto")).isSameAs(sound);
    assertThat(new String(request.forUpstream("a\"b"), UTF_8))
        .isEqualTo("{ \"input\" : [\"\\u00e4\"],\"model\":\"a\\\"b\",\"x\":1.0e0 }\n");
  }

  @Test
  void tellsTheSameBodyOfTwoOperationsApart() {
    String fields = "'input':'a'";
    byte[] one = digest(of(Operation.EMBEDDINGS, fields + ",'user':'x'"));
    assertThat(one).isEqualTo(digest(of(Operation.EMBEDDINGS, "'user':'y'," + fields)));
    assertThat(one).isNotEqualTo(digest(of(Operation.MODERATION, fields)));
    assertThat(one).isNotEqualTo(digest(of(Operation.EMBEDDINGS, fields + ",'dimensions':3")));
  }

  private static byte[] digest(OperationRequest request) {
    MessageDigest digest = Sha256.digest();
    request.digestInto(digest);
    return digest.digest();
  }

  @Test
  void tellsEndUsersApart() {
    assertThat(of(Operation.EMBEDDINGS, "'input':'a','user':'x'").userHash())
        .isEqualTo(of(Operation.EMBEDDINGS, "'input':'b','user':'x'").userHash())
        .isNotEqualTo(of(Operation.EMBEDDINGS, "'input':'a','user':'y'").userHash());
  }
}
