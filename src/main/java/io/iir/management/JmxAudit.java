package io.iir.management;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.iir.admin.Audit;
import io.iir.auth.AdminKey;
import io.iir.config.ManagementSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Map;
import java.util.function.BiConsumer;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Exchange;
import org.apache.camel.ProducerTemplate;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/** Writes into the audit log what is done over JMX, before it is done. Thread-safe; blocks. */
final class JmxAudit implements BiConsumer<ObjectName, String> {

  /** Where the route that writes it begins. */
  static final String ENDPOINT = "direct:management-audit";

  private final ObjectProvider<CamelContext> context;
  private final String actor;
  private final SecureRandom random = new SecureRandom();

  /** Writes by {@code context} that {@code actor} did it. */
  JmxAudit(ObjectProvider<CamelContext> context, String actor) {
    this.context = context;
    this.actor = actor;
  }

  /** Who is said to have done what comes by the port of {@code settings}. */
  static String actor(ManagementSettings settings) {
    return ManagementAccess.isLoopback(settings.address()) ? "loopback" : AdminKey.KEY.id();
  }

  @Override
  public void accept(ObjectName bean, String operation) {
    String detail = JsonNodeFactory.instance.objectNode().put("operation", operation).toString();
    Map<String, @Nullable Object> row =
        new Audit(actor, Instant.now(), random).row(bean.getCanonicalName(), "jmx.exec", detail);
    Exchange written = write(row);
    if (written.getException() != null) {
      throw new IllegalStateException(
          "nothing was done, for it could not be written into the audit log",
          written.getException());
    }
  }

  private Exchange write(Map<String, @Nullable Object> row) {
    try (ProducerTemplate template = context.getObject().createProducerTemplate()) {
      return template.send(ENDPOINT, exchange -> exchange.getMessage().setBody(row));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
