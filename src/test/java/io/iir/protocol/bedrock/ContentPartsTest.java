package io.iir.protocol.bedrock;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import org.junit.jupiter.api.Test;

class ContentPartsTest {

  private static JsonNode sent(String... files) {
    ArrayNode messages = JsonNodeFactory.instance.arrayNode();
    ObjectNode message = messages.addObject().put("role", "user");
    message.withArray("content").addObject().put("type", "text").put("text", "What?");
    for (String name : files) {
      ObjectNode part = message.withArray("content").addObject().put("type", "file");
      ObjectNode file = part.putObject("file");
      file.put("file_data", "data:application/pdf;base64,AQID");
      if (!name.isEmpty()) {
        file.put("filename", name);
      }
    }
    return Calls.json(Calls.of(Calls.SONNET_4_5, "\"messages\":" + messages));
  }

  private static List<String> names(JsonNode body) {
    return body.path("messages").findValues("document").stream()
        .map(document -> document.path("name").asText())
        .toList();
  }

  @Test
  void noTwoDocumentsHaveTheSameName() {
    JsonNode body =
        sent("a.pdf", "A.pdf", "a.docx", "a-2.pdf", "", "", "document-6.pdf", "b_1", "b 1");

    assertThat(names(body))
        .containsExactly(
            "a", "A-2", "a-3", "a-2-2", "document-5", "document-6", "document-6-2", "b-1", "b 1");
    assertThat(ConverseRules.fault(body)).isNull();
  }

  @Test
  void aLongNameStaysShortEnough() {
    String longName = "x".repeat(300);

    assertThat(names(sent(longName, longName)))
        .containsExactly("x".repeat(200), "x".repeat(198) + "-2");
  }

  @Test
  void documentsOfToolsCountToo() {
    String file =
        """
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,AQID"}}\
        """;
    JsonNode body =
        Calls.json(
            Calls.of(
                Calls.SONNET_4_5,
                """
                "messages":[{"role":"user","content":[{"type":"text","text":"Look"},%s]},
                  {"role":"assistant","tool_calls":[
                    {"id":"t1","type":"function","function":{"name":"w","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":"t1","content":[%s]}]\
                """
                    .formatted(file, file)));

    assertThat(names(body)).containsExactly("a", "a-2");
    assertThat(ConverseRules.fault(body)).isNull();
  }

  @Test
  void theStrictFakeRefusesNamesThatAreThereTwice() {
    JsonNode body = sent("a.pdf", "b.pdf");
    ((ObjectNode) body.at("/messages/0/content/2/document")).put("name", "A");

    assertThat(ConverseRules.fault(body)).contains("duplicate document names");
  }
}
