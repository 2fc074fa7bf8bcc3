package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.testing.CassetteServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnthropicDiscoveryTest extends DiscoveryKit {

  AnthropicDiscoveryTest() {
    super(ProviderKind.ANTHROPIC);
  }

  @Override
  void check(Map<String, ListedModel> models) {
    assertThat(models).as("of two pages").hasSize(4);
    ListedModel haiku = model(models, "claude-haiku-4-5-20251001");
    assertThat(haiku.created()).isEqualTo(1_760_486_400L);
    assertThat(haiku.facts().context()).isEqualTo(200000);
    assertThat(haiku.facts().maxOutput()).isEqualTo(64000);
    assertThat(haiku.facts().can())
        .containsExactlyInAnyOrder(Capability.CHAT, Capability.IMAGES, Capability.JSON);
    assertThat(haiku.facts().about().inputs()).containsExactly("file", "image", "text");
    assertThat(facts(models, "claude-sonnet-4-20250514").cannot()).containsExactly(Capability.JSON);
    assertThat(facts(models, "claude-3-haiku-20240307").context()).isNull();
  }

  @Test
  void pagesThatDoNotEndAreLeft() throws Exception {
    String first =
        Files.readString(Path.of("src/test/resources/discovery/anthropic/models-1.json"));
    server().restAnswers(CassetteServer.body(200, first));
    assertThat(failure()).isEqualTo("its list of models does not end");
  }

  @Test
  void aListThatGoesOnNobodyKnowsWhereIsNone() throws Exception {
    server().listAnswers(CassetteServer.body(200, "{\"data\":[],\"has_more\":true}"));
    assertThat(failure()).isEqualTo("its list of models goes on, and it does not say where");
  }

  @Test
  void noListIsNotAnEmptyOne() throws Exception {
    server().listAnswers(CassetteServer.body(200, "{\"data\":null}"));
    assertThat(failure()).isEqualTo("not a list of models: no data");
  }

  @Test
  void aPageThatFailsFailsTheList() throws Exception {
    server().restAnswers(CassetteServer.body(529, ""));
    assertThat(failure()).isEqualTo("HTTP 529");
  }

  @Test
  void allPagesTogetherAreBounded() throws Exception {
    String padding = " ".repeat(5 << 20);
    String first =
        Files.readString(Path.of("src/test/resources/discovery/anthropic/models-1.json"));
    server().listAnswers(CassetteServer.body(200, first + padding));
    server().restAnswers(CassetteServer.body(200, first + padding));
    assertThat(failure()).isEqualTo("answered more than 8 MB");
  }
}
