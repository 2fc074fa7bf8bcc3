package io.iir.protocol.anthropic;

import static io.iir.protocol.anthropic.Calls.PLAIN;
import static io.iir.protocol.anthropic.Calls.call;
import static io.iir.protocol.anthropic.Calls.json;
import static io.iir.protocol.anthropic.Calls.refused;
import static io.iir.protocol.anthropic.Calls.said;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class PartsTest {

  private static JsonNode block(String part) {
    return said("[{\"role\":\"user\",\"content\":[%s]}]".formatted(part))
        .path("messages")
        .path(0)
        .path("content")
        .path(0);
  }

  private static String refusedPart(String part) {
    return refused(PLAIN, "[{\"role\":\"user\",\"content\":[%s]}]".formatted(part));
  }

  @Test
  void imagesByUrl() {
    assertThat(
            block(
                """
                {"type":"image_url","image_url":{"url":"https://e.com/a.png"},
                 "cache_control":{"type":"ephemeral"}}\
                """))
        .isEqualTo(
            json(
                """
                {"type":"image","source":{"type":"url","url":"https://e.com/a.png"},
                 "cache_control":{"type":"ephemeral"}}\
                """));
  }

  @Test
  void imagesInBase64() {
    assertThat(
            block(
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/JPG;base64,QUJD\"}}"))
        .isEqualTo(
            json(
                """
                {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QUJD"}}\
                """));
  }

  @Test
  void theDetailOfAnImageIsLeftOut() {
    String messages =
        """
        [{"role":"user","content":[{"type":"image_url",
          "image_url":{"url":"https://e.com/a.png","detail":"low"}}]}]\
        """;

    assertThat(call(PLAIN, messages).dropped())
        .containsExactly("messages[].content[].image_url.detail");
  }

  @Test
  void pdfs() {
    assertThat(
            block(
                """
                {"type":"file","file":{"filename":"a.pdf",
                 "file_data":"data:application/pdf;base64,QUJD"}}\
                """))
        .isEqualTo(
            json(
                """
                {"type":"document","title":"a.pdf","source":{"type":"base64",
                 "media_type":"application/pdf","data":"QUJD"}}\
                """));
  }

  @Test
  void texts() {
    assertThat(
            block(
                """
                {"type":"file","file":{"file_data":"data:text/csv;charset=utf-8;base64,w6QsMQ=="}}\
                """))
        .isEqualTo(
            json(
                """
                {"type":"document","source":{"type":"text","media_type":"text/plain","data":"ä,1"}}\
                """));
  }

  @Test
  void filesByUrl() {
    assertThat(block("{\"type\":\"file\",\"file\":{\"file_data\":\"https://e.com/a.pdf\"}}"))
        .isEqualTo(
            json(
                """
                {"type":"document","source":{"type":"url","url":"https://e.com/a.pdf"}}\
                """));
  }

  @Test
  void whatAnthropicCannotLookAtIsRefusedWithItsPlace() {
    assertThat(refusedPart("{\"type\":\"input_audio\",\"input_audio\":{\"data\":\"x\"}}"))
        .isEqualTo("messages[0].content[0]");
    assertThat(
            refusedPart(
                "{\"type\":\"image_url\",\"image_url\":{\"url\":\"data:image/tiff;base64,QQ\"}}"))
        .isEqualTo("messages[0].content[0].image_url.url");
    assertThat(refusedPart("{\"type\":\"image_url\",\"image_url\":{\"url\":\"ftp://e.com\"}}"))
        .isEqualTo("messages[0].content[0].image_url.url");
    assertThat(refusedPart("{\"type\":\"file\",\"file\":{\"file_id\":\"file-1\"}}"))
        .isEqualTo("messages[0].content[0].file");
    assertThat(
            refusedPart(
                "{\"type\":\"file\",\"file\":{\"file_data\":\"data:application/zip;base64,QQ\"}}"))
        .isEqualTo("messages[0].content[0].file.file_data");
  }
}
