package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.Capability;
import io.iir.provider.About;
import io.iir.provider.ListedModel;
import io.iir.provider.ModelFacts;
import io.iir.provider.Price;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ListedJsonTest {

  @Test
  void whatIsWrittenIsReadAgain() {
    ListedModel model =
        new ListedModel(
            "vendor/m:free",
            17,
            "vendor",
            new ModelFacts(
                4096,
                1024,
                new Price(new BigDecimal("0.15"), new BigDecimal("0.6")),
                0.7,
                Set.of(Capability.CHAT, Capability.TOOLS),
                Set.of(Capability.IMAGES),
                new About(
                    "arena", Set.of("text"), Set.of("text"), LocalDate.of(2026, 3, 1), "Q4_K_M")));
    assertThat(ListedJson.read("vendor/m:free", ListedJson.write(model))).isEqualTo(model);
  }

  @Test
  void whatIsUnknownStaysSo() {
    ListedModel model = new ListedModel("m", 0, "", ModelFacts.UNKNOWN);
    assertThat(ListedJson.write(model))
        .isEqualTo(
            "{\"created\":0,\"owned_by\":\"\",\"can\":[],\"cannot\":[],\"inputs\":[],\"outputs\":[]}");
    assertThat(ListedJson.read("m", ListedJson.write(model))).isEqualTo(model);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"deprecated\":\"soon\"}",
        "{\"price_input\":\"x\",\"price_output\":\"1\"}"
      })
  void whatIsBrokenIsNoModel(String json) {
    assertThat(ListedJson.read("m", json)).isNull();
  }
}
