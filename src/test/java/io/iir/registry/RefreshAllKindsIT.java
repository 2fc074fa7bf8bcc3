package io.iir.registry;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iir.testing.CassetteServer;
import io.iir.testing.Cassettes;
import io.iir.testing.Gateway;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** One refresh against recorded answers of all kinds of provider, and what the status says then. */
class RefreshAllKindsIT {

  @Test
  void asksEachInItsOwnProtocol() throws Exception {
    List<CassetteServer> servers = new ArrayList<>();
    List<String[]> settings = new ArrayList<>();
    try {
      for (String kind : Cassettes.KINDS) {
        CassetteServer server = Cassettes.start(kind);
        servers.add(server);
        settings.add(server.settings());
      }
      try (Gateway gateway = Gateway.start(Gateway.all(settings.toArray(String[][]::new)))) {
        HttpResponse<String> answer =
            gateway.send(
                gateway.request("/v1/registry/refresh").POST(BodyPublishers.noBody()).build());
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        JsonNode report = Gateway.json(answer.body());
        JsonNode status = Gateway.json(gateway.get("/v1/registry/status").body());
        for (int i = 0; i < servers.size(); i++) {
          String kind = Cassettes.KINDS.get(i);
          CassetteServer server = servers.get(i);
          JsonNode provider = named(report, server.provider());
          assertThat(provider.path("status").asText()).as(provider.toString()).isEqualTo("ok");
          assertThat(provider.path("kind").asText()).isEqualTo(kind);
          assertThat(provider.path("found").asInt()).as(kind).isPositive();
          assertThat(named(status, server.provider()).path("state").asText()).isEqualTo("ok");
          server.verifyNoSurprises();
        }
        assertThat(report.at("/hardware/memory/total_bytes").asLong()).isPositive();
        assertThat(report.path("recommendations").path(0).path("commands").size()).isPositive();
        assertThat(answer.body()).doesNotContain(CassetteServer.KEY);
      }
    } finally {
      for (CassetteServer server : servers) {
        server.close();
      }
    }
  }

  private static JsonNode named(JsonNode report, String provider) {
    for (JsonNode each : report.path("providers")) {
      if (each.path("name").asText().equals(provider)) {
        return each;
      }
    }
    throw new AssertionError("no provider '%s' in %s".formatted(provider, report));
  }
}
