package io.iir.flow;

import io.iir.backend.CopyRoom;
import io.iir.cluster.Announcements;
import io.iir.cluster.Replicas;
import io.iir.config.IirProperties;
import io.iir.idempotency.Idempotency;
import io.iir.idempotency.IdempotencyStore;
import java.time.Clock;
import java.util.concurrent.ExecutorService;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** Requests with keys of their own, and the step that looks for them. */
@Configuration(proxyBeanMethods = false)
public class IdempotencyConfiguration {

  /** What the copies of answers under way take together, in such answers as are just kept. */
  private static final int ANSWERS_UNDER_WAY = 16;

  @Bean
  IdempotencyStore idempotencyStore(DataSource database, Clock clock, IirProperties properties) {
    return new IdempotencyStore(database, clock, properties.idempotency().ttl());
  }

  @Bean(destroyMethod = "close")
  Idempotency idempotentRequests(
      IdempotencyStore store,
      Replicas replicas,
      Announcements announcements,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService blocking,
      IirProperties properties) {
    return new Idempotency(
        store,
        replicas.self(),
        announcements,
        blocking,
        properties.state().onFailure().idempotency(),
        new CopyRoom(ANSWERS_UNDER_WAY * properties.idempotency().maxAnswer().toBytes()));
  }

  /** What entries name in their step behind {@code authenticate}. */
  @Bean
  IdempotencyStep idempotency(
      Idempotency requests,
      IirProperties properties,
      @Qualifier(FlowConfiguration.BLOCKING) ExecutorService blocking) {
    return new IdempotencyStep(
        requests, (int) properties.idempotency().maxAnswer().toBytes(), blocking);
  }
}
