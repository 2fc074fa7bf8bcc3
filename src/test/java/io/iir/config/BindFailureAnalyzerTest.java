package io.iir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchException;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

@ExtendWith(OutputCaptureExtension.class)
class BindFailureAnalyzerTest {

  @TempDir Path folder;

  private String sentence(String yaml, CapturedOutput console) throws Exception {
    Path file = Files.writeString(folder.resolve("iir.yaml"), yaml);
    return sentence(Map.of("IIR_CONFIG", file.toString()), console).replace(folder + "/", "");
  }

  /** What the console says when the gateway starts in that environment. */
  private static String sentence(Map<String, String> variables, CapturedOutput console) {
    assertThat(catchException(() -> Start.with(variables))).as("the start").isNotNull();
    assertThat(console.getAll()).doesNotContain("\tat ", "BindException");
    return console.getAll().split("Description:\\R\\R", 2)[1].split("\\R", 2)[0];
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          iir: {prot: 8000}                      | iir.prot = '8000' is not a setting: did you mean iir.port? (iir.yaml, line 1).
          iir: {port: many}                      | iir.port = 'many' must be a whole number (iir.yaml, line 1).
          iir: {port: 70000}                     | iir.port = '70000' must be less than or equal to 65535 (iir.yaml, line 1).
          iir: {server: {max-body-size: big}}    | iir.server.max-body-size = 'big' must be a size such as 512KB or 20MB (iir.yaml, line 1).
          iir: {server: {max-body-size: 2GB}}    | iir.server.max-body-size = '2GB' must be a size from 1KB to 1GB (iir.yaml, line 1).
          iir: {server: {head-timeout: soon}}    | iir.server.head-timeout = 'soon' must be a duration such as 500ms, 10s or 5m (iir.yaml, line 1).
          iir: {server: {head-timeout: -1s}}     | iir.server.head-timeout = '-1s' must be a duration from 1ms to 1d, such as 500ms, 10s or 5m (iir.yaml, line 1).
          iir: {server: {tls: {certificate: a}}} | iir.server.tls.private-key must not be blank (iir.yaml, line 1).
          iir: {cache: {enabled: perhaps}}       | iir.cache.enabled = 'perhaps' must be true or false (iir.yaml, line 1).
          iir: {limits: {default: {rpm: 0}}}     | iir.limits.default.rpm = '0' must be greater than or equal to 1 (iir.yaml, line 1).
          iir: {limits: {default: {tpn: 10}}}    | iir.limits.default.tpn = '10' is not a setting: did you mean iir.limits.default.tpm? (iir.yaml, line 1).
          iir: {limits: {gateway: {rpm: -1}}}    | iir.limits.gateway.rpm = '-1' must be greater than or equal to 0 (iir.yaml, line 1).
          iir: {limits: {models: {gpt: {rpm: 1}}}} | iir.limits.models.gpt must be named by a model, '<provider>/<model>', or a pattern, '<provider>/*' or '*' (iir.yaml, line 1).
          iir: {limits: {models: {a/b: {rpm: -1}}}} | iir.limits.models[a/b].rpm = '-1' must be greater than or equal to 0 (iir.yaml, line 1).
          iir: {limits: {models: {a/b: {rpn: 1}}}} | iir.limits.models[a/b].rpn = '1' is not a setting: did you mean iir.limits.models.a/b.rpm? (iir.yaml, line 1).
          iir: {teams: {r&d: {limits: {rpm: x}}}} | iir.teams[r&d].limits.rpm = 'x' must be a whole number (iir.yaml, line 1).
          iir: {discovery: {local-ports: [0]}}   | iir.discovery.local-ports[0] = '0' must be greater than or equal to 1 (iir.yaml, line 1).
          iir: {discovery: {local-ports: [x]}}   | iir.discovery.local-ports[0] = 'x' must be a whole number (iir.yaml, line 1).
          iir: {discovery: {local-ports: [1, ""]}}    | iir.discovery.local-ports[1] must not be empty: give a value, or leave it out (iir.yaml, line 1).
          iir: {discovery: {local-ports: "8080,"}}    | iir.discovery.local-ports[1] must not be empty (iir.yaml, line 1).
          iir: {discovery: {local-ports: "1,,2"}}     | iir.discovery.local-ports[1] must not be empty (iir.yaml, line 1).
          iir: {port: ""}                             | iir.port = '' must be a whole number (iir.yaml, line 1).
          iir: {port: 99999999999}                    | iir.port = '99999999999' must be a whole number (iir.yaml, line 1).
          iir: {server: {head-timeout: ""}}           | iir.server.head-timeout must not be empty: give a value, or leave it out (iir.yaml, line 1).
          iir: {server: {head-timeout: 9223372036854775807d}} | iir.server.head-timeout = '9223372036854775807d' must be a duration such as 500ms, 10s or 5m (iir.yaml, line 1).
          iir: {server: {max-body-size: ""}}          | iir.server.max-body-size must not be empty: give a value, or leave it out (iir.yaml, line 1).
          iir: {server: {max-body-size: 9223372036854775807TB}} | iir.server.max-body-size = '9223372036854775807TB' must be a size such as 512KB or 20MB (iir.yaml, line 1).
          iir: {cache: {enabled: ""}}                 | iir.cache.enabled = '' must be true or false (iir.yaml, line 1).
          iir: {providers: {a: {protocol: ""}}}       | iir.providers.a.protocol must not be empty: give a value, or leave it out (iir.yaml, line 1).
          iir: {providers: {a: {base-url: "http://b", models: "m,"}}} | iir.providers.a.models[1] must not be blank (iir.yaml, line 1).
          iir: {providers: {a: {base-uri: "http://b"}}}  | iir.providers.a.base-uri = 'http://b' is not a setting: did you mean iir.providers.a.base-url? (iir.yaml, line 1).
          iir: {providers: {a: {base-url: "b"}}}         | iir.providers.a.base-url = 'b' must begin with http:// or https:// (iir.yaml, line 1).
          iir: {providers: {a: {base-url: "http://b?c=d"}}} | iir.providers.a.base-url = 'http://b?c=d' must have no query (?…) and no fragment (#…) (iir.yaml, line 1).
          iir: {providers: {a: {base-url: "http://u:p@b"}}} | iir.providers.a.base-url must hold no user name or password: the key goes into api-key (iir.yaml, line 1).
          iir: {providers: {a: {base-url: "${NOT_SET}"}}}  | iir.providers.a.base-url = '${NOT_SET}' must not hold a placeholder that nothing fills: is the variable set? (iir.yaml, line 1).
          iir: {providers: {a: {api-key: "${NOT_SET}"}}}   | iir.providers.a.api-key must be visible ASCII without spaces, and no placeholder that nothing fills: is the variable set? (iir.yaml, line 1).
          iir: {providers: {a: {protocol: smtp}}}        | iir.providers.a.protocol = 'smtp' must be openai or anthropic or gemini or bedrock or sim (iir.yaml, line 1).
          iir: {providers: {a: {models: []}}}            | iir.providers.a.models = '' must be 'discover', 'any' or a list of names (iir.yaml, line 1).
          iir: {providers: {a: {api-kye: sk-hidden}}}    | iir.providers.a.api-kye is not a setting: did you mean iir.providers.a.api-key? (iir.yaml, line 1).
          iir: {providers: {auto: {base-url: "http://b"}}}  | iir.providers.auto must have a name of small letters, digits and dashes, and not 'auto' (iir.yaml, line 1).
          iir: {providers: {my_vllm: {base-url: "http://b"}}} | iir.providers[my_vllm] must have a name of small letters, digits and dashes, and not 'auto' (iir.yaml, line 1).
          iir: {providers: openai}                       | iir.providers = 'openai' must be a group of settings (iir.yaml, line 1).
          iir: {providers: {openai: on}}                 | iir.providers.openai = 'true' must be a group of settings (iir.yaml, line 1).
          iir: {models: [{id: a}]}                       | iir.models[0].id = 'a' must be <provider>/<model> (iir.yaml, line 1).
          iir: {models: [{quality: 1}]}                  | iir.models[0].id is missing: give <provider>/<model> (iir.yaml, line 1).
          iir: {models: [{id: a/b, contxt: 1}]}          | iir.models[0].contxt = '1' is not a setting: did you mean iir.models[0].context? (iir.yaml, line 1).
          iir: {models: [{id: a/b}, {id: a/c, quality: 7}]} | iir.models[1].quality = '7' must be from 0 to 1 (iir.yaml, line 1).
          iir: {models: [{id: a/b, quality: good}]}      | iir.models[0].quality = 'good' must be a number (iir.yaml, line 1).
          iir: {models: [{id: a/b, context: 128k}]}      | iir.models[0].context = '128k' must be a whole number (iir.yaml, line 1).
          iir: {models: [{id: a/b, price: {input: 1}}]}  | iir.models[0].price.output is missing: give USD a million tokens (iir.yaml, line 1).
          iir: {models: [{id: a/b, price: {input: -1, output: 1}}]} | iir.models[0].price.input = '-1' must be from 0 to 1000000 (iir.yaml, line 1).
          iir: {models: [{id: a/b, capabilities: [fly]}]} | iir.models[0].capabilities[0] = 'fly' must be chat or images or json or tools or embeddings or rerank or moderation or image_generation or speech or transcription (iir.yaml, line 1).
          iir: {aliases: {gpt: ""}}                      | iir.aliases.gpt = '' must not be blank (iir.yaml, line 1).
          providers: {a: {base-url: "http://b"}}         | 'providers' is not known here (iir.yaml, line 1): settings of the gateway stand under 'iir:', those of its log under 'logging:'.
          iir: {port: 1, port: 2}                        | iir.yaml, line 1, column 16: not valid YAML: found duplicate key port.
          """)
  void namesSettingValuePlaceAndWhatWouldDo(String yaml, String sentence, CapturedOutput console)
      throws Exception {
    assertThat(sentence(yaml, console)).isEqualTo(sentence);
  }

  @Test
  void namesTheLine(CapturedOutput console) throws Exception {
    assertThat(sentence("iir:\n  host: 127.0.0.1\n\n  port: -1\n", console))
        .isEqualTo("iir.port = '-1' must be greater than or equal to 0 (iir.yaml, line 4).");
  }

  @Test
  void namesTheVariable(CapturedOutput console) {
    assertThat(sentence(Map.of("IIR_PORT", "http"), console))
        .isEqualTo("iir.port = 'http' must be a whole number (environment variable IIR_PORT).");
  }

  @Test
  void namesTheEmptyPlaceInAList(CapturedOutput console) {
    assertThat(sentence(Map.of("IIR_DISCOVERY_LOCALPORTS", "8080,"), console))
        .isEqualTo(
            "iir.discovery.local-ports[1] must not be empty"
                + " (environment variable IIR_DISCOVERY_LOCALPORTS).");
  }

  @Test
  void namesTheEmptyVariable(CapturedOutput console) {
    assertThat(sentence(Map.of("IIR_LIMITS_DEFAULT_RPM", ""), console))
        .isEqualTo(
            "iir.limits.default.rpm = '' must be a whole number"
                + " (environment variable IIR_LIMITS_DEFAULT_RPM).");
  }

  @Test
  void knowsWhatKubernetesPutsIntoThePort(CapturedOutput console) {
    assertThat(sentence(Map.of("IIR_PORT", "tcp://10.0.0.1:8000"), console))
        .contains("enableServiceLinks: false");
  }

  @Test
  void saysThatANamedFileIsMissing(CapturedOutput console) {
    assertThat(sentence(Map.of("IIR_CONFIG", "/no/such.yaml"), console))
        .isEqualTo("IIR_CONFIG names '/no/such.yaml', which is not a file that can be read.");
  }
}
