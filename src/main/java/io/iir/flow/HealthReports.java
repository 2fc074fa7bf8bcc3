package io.iir.flow;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.auth.KeyLookups;
import io.iir.classify.BadModelException;
import io.iir.classify.Classifier;
import io.iir.classify.encoder.SecondOpinions;
import io.iir.cluster.Replicas;
import io.iir.flow.engine.GatewayServer;
import io.iir.provider.ProviderDirectory;
import io.iir.provider.ProviderHealth;
import io.iir.provider.ProviderReport;
import io.iir.provider.ProviderStatus;
import io.iir.redis.Redis;
import io.iir.rules.Rules;
import io.iir.rules.language.Problem;
import io.iir.store.StoreHealth;
import io.iir.usage.LedgerWriter;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.camel.Exchange;
import org.apache.camel.Processor;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** What the health entries answer. */
@Configuration(proxyBeanMethods = false)
public class HealthReports {

  private static final ObjectMapper JSON = new ObjectMapper();

  /** The answer of {@code /health}: always 200, the state is in the body. */
  @Bean
  Processor healthReport(
      ObjectProvider<GatewayServer> gateway,
      ObjectProvider<BuildProperties> build,
      ProviderDirectory directory,
      ProviderHealth health,
      Rules rules,
      StoreHealth store,
      KeyLookups lookups,
      LedgerWriter ledger,
      ObjectProvider<Redis> shared,
      Replicas replicas,
      Classifier classifier,
      ObjectProvider<SecondOpinions> secondOpinions) {
    return exchange -> {
      ObjectNode report = JSON.createObjectNode();
      List<Problem> problems = rules.problems();
      String server = ready(gateway) ? "ok" : "stopping";
      Set<String> down =
          health.reports().stream()
              .filter(provider -> provider.state() == ProviderReport.State.DOWN)
              .map(ProviderReport::name)
              .collect(Collectors.toSet());
      boolean storeIsWell = store.isOk() && !lookups.isStoreAway();
      Redis redis = shared.getIfAvailable();
      boolean redisIsWell = redis == null || redis.problem().isEmpty();
      SecondOpinions encoder = secondOpinions.getIfAvailable();
      SecondOpinions.State encoderIs = encoder == null ? null : encoder.state();
      BadModelException unusable = classifier.problem();
      boolean degraded =
          !problems.isEmpty()
              || !storeIsWell
              || !redisIsWell
              || !down.isEmpty()
              || ledger.late()
              || unusable != null
              || encoderIs == SecondOpinions.State.BROKEN;
      String status = server.equals("ok") && degraded ? "degraded" : server;
      report.put("status", status);
      BuildProperties known = build.getIfAvailable();
      report.put("version", known == null ? "unknown" : known.getVersion());
      ObjectNode components = report.putObject("components");
      components.putObject("server").put("status", server);
      components.putObject("routes").put("count", exchange.getContext().getRoutesSize());
      // What is wrong with them only an administrator may read: GET /api/v1/rules.
      components.putObject("rules").put("status", problems.isEmpty() ? "ok" : "degraded");
      // What was lost is in the log, at the start.
      components
          .putObject("store")
          .put("status", storeIsWell ? "ok" : "degraded")
          .put("database", store.vendor());
      if (redis != null) { // why it is not well is in the log
        components
            .putObject("redis")
            .put("status", redisIsWell ? "ok" : "degraded")
            .put("replicas", replicas.count());
      }
      components.putObject("usage").put("status", ledger.late() ? "degraded" : "ok");
      ObjectNode told = components.putObject("classifier");
      told.put("status", unusable == null ? "ok" : "degraded").put("version", classifier.version());
      if (unusable != null) { // which file it is, is in the log
        told.put("reason", unusable.fault().word());
      }
      if (encoderIs != null) { // why it is broken is in the log
        components.putObject("encoder").put("status", encoderIs.word());
      }
      ObjectNode providers = components.putObject("providers");
      for (ProviderStatus each : directory.status()) {
        providers
            .putObject(each.name())
            .put("status", down.contains(each.name()) ? "degraded" : each.isOk() ? "ok" : "failed")
            .put("models", each.models());
      }
      answer(exchange, 200, report);
    };
  }

  /** The answer of {@code /health/live}: that there is one is what matters. */
  @Bean
  Processor livenessReport() {
    return exchange -> answer(exchange, 200, JSON.createObjectNode().put("status", "ok"));
  }

  /** The answer of {@code /health/ready}: 503 while the gateway starts or stops. */
  @Bean
  Processor readinessReport(ObjectProvider<GatewayServer> server) {
    return exchange -> {
      boolean ready = ready(server);
      answer(
          exchange,
          ready ? 200 : 503,
          JSON.createObjectNode().put("status", ready ? "ok" : "stopping"));
    };
  }

  /** On another engine than ours, a request that arrives shows that requests are taken. */
  private static boolean ready(ObjectProvider<GatewayServer> server) {
    GatewayServer ours = server.getIfAvailable();
    return ours == null || ours.ready();
  }

  private static void answer(Exchange exchange, int status, ObjectNode report) throws Exception {
    exchange.getMessage().setHeader(Exchange.HTTP_RESPONSE_CODE, status);
    exchange.getMessage().setHeader(Exchange.CONTENT_TYPE, "application/json");
    exchange.getMessage().setBody(JSON.writeValueAsBytes(report));
  }
}
