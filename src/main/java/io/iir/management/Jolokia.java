package io.iir.management;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.Semaphore;
import java.util.function.BiConsumer;
import javax.management.ObjectName;
import javax.management.RuntimeMBeanException;
import org.jolokia.json.JSONStructure;
import org.jolokia.server.core.config.ConfigKey;
import org.jolokia.server.core.config.StaticConfiguration;
import org.jolokia.server.core.http.HttpRequestHandler;
import org.jolokia.server.core.request.BadRequestException;
import org.jolokia.server.core.request.EmptyResponseException;
import org.jolokia.server.core.service.JolokiaServiceManagerFactory;
import org.jolokia.server.core.service.api.JolokiaServiceManager;
import org.jolokia.service.serializer.JolokiaSerializer;
import org.jspecify.annotations.Nullable;

/**
 * JMX as JSON: answers the requests of Jolokia's protocol within {@link LookOnly}. It is made when
 * the first request comes, for most gateways never see one. Thread-safe; blocks.
 *
 * @see <a href="https://jolokia.org/reference/html/manual/jolokia_protocol.html">The protocol</a>
 */
final class Jolokia implements AutoCloseable {

  /** How many requests are answered at a time: lists are long, and the processors are few. */
  private static final int AT_A_TIME = 2;

  private static final String DEEPEST = "12";
  private static final String LONGEST_COLLECTION = "50000";
  private static final String MOST_OBJECTS = "500000";

  private final LookOnly policy;
  private final BiConsumer<ObjectName, String> audit;
  private final Semaphore answering = new Semaphore(AT_A_TIME, true);
  private @Nullable JolokiaServiceManager manager;
  private @Nullable HttpRequestHandler handler;

  /** Answers within {@code policy}; {@code audit} writes down what changes something. */
  Jolokia(LookOnly policy, BiConsumer<ObjectName, String> audit) {
    this.policy = policy;
    this.audit = audit;
  }

  /**
   * Answers a GET.
   *
   * @param path what stands behind {@code /jolokia}, unescaped
   */
  byte[] get(String uri, String path, Map<String, String[]> parameters) {
    HttpRequestHandler jolokia = handler();
    return ScopedValue.where(GuardedRequests.BY_GET, true)
        .call(() -> answer(jolokia, () -> jolokia.handleGetRequest(uri, path, parameters)));
  }

  /** Answers a POST. */
  byte[] post(String uri, byte[] body, Map<String, String[]> parameters) {
    HttpRequestHandler jolokia = handler();
    return answer(
        jolokia,
        () ->
            jolokia.handlePostRequest(
                uri, new ByteArrayInputStream(body), StandardCharsets.UTF_8.name(), parameters));
  }

  /** A request, as Jolokia handles it. */
  private interface Call {
    JSONStructure make() throws IOException, BadRequestException, EmptyResponseException;
  }

  private byte[] answer(HttpRequestHandler jolokia, Call call) {
    answering.acquireUninterruptibly();
    try {
      return answerNow(jolokia, call);
    } finally {
      answering.release();
    }
  }

  private static byte[] answerNow(HttpRequestHandler jolokia, Call call) {
    JSONStructure answer;
    try {
      answer = call.make();
    } catch (RuntimeMBeanException e) {
      answer = jolokia.handleThrowable(e.getTargetException());
    } catch (IOException | BadRequestException | EmptyResponseException | RuntimeException e) {
      answer = jolokia.handleThrowable(e);
    }
    return answer.toJSONString().getBytes(StandardCharsets.UTF_8);
  }

  private synchronized HttpRequestHandler handler() {
    if (handler == null) {
      manager =
          JolokiaServiceManagerFactory.createJolokiaServiceManager(
              new StaticConfiguration(
                  ConfigKey.AGENT_ID,
                  "iir-" + Integer.toHexString(System.identityHashCode(this)),
                  ConfigKey.ALLOW_ERROR_DETAILS,
                  "false", // whatever a request says of stack traces
                  ConfigKey.DISCOVERY_ENABLED,
                  "false",
                  ConfigKey.MAX_DEPTH,
                  DEEPEST,
                  ConfigKey.MAX_COLLECTION_SIZE,
                  LONGEST_COLLECTION,
                  ConfigKey.MAX_OBJECTS,
                  MOST_OBJECTS),
              new JolokiaLog(),
              policy);
      manager.addService(new JolokiaSerializer());
      manager.addService(new GuardedRequests(policy, audit));
      manager.addService(new Rights(policy));
      manager.addService(new SharedDescriptions(policy));
      handler = new HttpRequestHandler(manager.start());
    }
    return handler;
  }

  @Override
  public synchronized void close() {
    if (manager != null) {
      manager.stop();
    }
  }
}
