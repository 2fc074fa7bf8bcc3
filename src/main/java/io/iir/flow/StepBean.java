package io.iir.flow;

import java.text.SimpleDateFormat;
import java.util.Date;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.apache.camel.CamelContext;
import org.apache.camel.Route;
import org.apache.camel.management.DefaultInstrumentationProcessor;
import org.apache.camel.management.DefaultManagementObjectStrategy;
import org.apache.camel.management.DelegatePerformanceCounter;
import org.apache.camel.management.PerformanceCounter;
import org.apache.camel.management.mbean.ManagedSuspendableRoute;
import org.apache.camel.spi.InternalProcessor;
import org.apache.camel.spi.ManagementObjectStrategy;
import org.apache.camel.util.json.JsonObject;
import org.jspecify.annotations.Nullable;

/**
 * The MBean of a step: Camel's own, with the numbers that the step itself counts. Camel's take five
 * readings of the clock and some twenty atomic writes of each exchange, in each route and in the
 * context above it, which is a tenth of what a request of seven steps takes altogether.
 *
 * <p>Ids of exchanges are not told: Camel makes one only for whoever asks. Thread-safe.
 */
@SuppressWarnings("JavaUtilDate") // Camel tells moments so
public final class StepBean extends ManagedSuspendableRoute {

  private static final Pattern IN_FLIGHT =
      Pattern.compile("(exchangesInflight\"?[=:]\\s*\"?)-?\\d+");

  private final StepCounts counts;

  private StepBean(CamelContext context, Route route, StepCounts counts) {
    super(context, route);
    this.counts = counts;
  }

  /** Makes these for the routes that {@code steps} has, by id, and Camel's own for all others. */
  static ManagementObjectStrategy strategy(Function<String, @Nullable StepCounts> steps) {
    return new DefaultManagementObjectStrategy() {
      @Override
      public Object getManagedObjectForRoute(CamelContext context, Route route) {
        StepCounts counts = steps.apply(route.getId());
        if (counts == null || !route.supportsSuspension()) {
          return super.getManagedObjectForRoute(context, route);
        }
        if (route.getProcessor() instanceof InternalProcessor chain) {
          DefaultInstrumentationProcessor camels =
              chain.getAdvice(DefaultInstrumentationProcessor.class);
          if (camels != null) {
            camels.setCounter(new Nothing());
          }
        }
        StepBean bean = new StepBean(context, route, counts);
        bean.init(context.getManagementStrategy());
        return bean;
      }
    };
  }

  /** Takes the place of the counters that Camel is about to set. */
  private static final class Nothing extends DelegatePerformanceCounter {

    @Override
    public void setCounter(@Nullable PerformanceCounter counter) {}
  }

  @Override
  public void reset() {
    super.reset();
    counts.reset();
  }

  @Override
  public long getExchangesTotal() {
    return counts.completed() + counts.failed();
  }

  @Override
  public long getExchangesCompleted() {
    return counts.completed();
  }

  @Override
  public long getExchangesFailed() {
    return counts.failed();
  }

  @Override
  public long getExchangesInflight() {
    return counts.inflight();
  }

  @Override
  public long getFailuresHandled() {
    return counts.handled();
  }

  @Override
  public long getMinProcessingTime() {
    return counts.leastMillis();
  }

  @Override
  public long getMaxProcessingTime() {
    return counts.mostMillis();
  }

  @Override
  public long getMeanProcessingTime() {
    return counts.meanMillis();
  }

  @Override
  public long getTotalProcessingTime() {
    return counts.totalMillis();
  }

  @Override
  public long getLastProcessingTime() {
    return counts.lastMillis();
  }

  @Override
  public long getDeltaProcessingTime() {
    return counts.deltaMillis();
  }

  @Override
  public @Nullable Date getFirstExchangeCompletedTimestamp() {
    return date(counts.firstCompleted());
  }

  @Override
  public @Nullable Date getLastExchangeCompletedTimestamp() {
    return date(counts.lastCompleted());
  }

  @Override
  public @Nullable Date getFirstExchangeFailureTimestamp() {
    return date(counts.firstFailed());
  }

  @Override
  public @Nullable Date getLastExchangeFailureTimestamp() {
    return date(counts.lastFailed());
  }

  @Override
  public @Nullable Date getLastExchangeCreatedTimestamp() {
    return date(counts.created());
  }

  @Override
  public long getIdleSince() {
    return counts.idleMillis();
  }

  @Override
  public void statsAsJSon(Map<String, Object> jo, boolean fullStats) {
    super.statsAsJSon(jo, fullStats);
    jo.put("exchangesTotal", getExchangesTotal());
    jo.put("exchangesCompleted", getExchangesCompleted());
    jo.put("exchangesFailed", getExchangesFailed());
    jo.put("failuresHandled", getFailuresHandled());
    jo.put("minProcessingTime", getMinProcessingTime());
    jo.put("maxProcessingTime", getMaxProcessingTime());
    jo.put("totalProcessingTime", getTotalProcessingTime());
    jo.put("lastProcessingTime", getLastProcessingTime());
    jo.put("deltaProcessingTime", getDeltaProcessingTime());
    jo.put("meanProcessingTime", getMeanProcessingTime());
    if (fullStats) {
      jo.put("firstExchangeCompletedTimestamp", counts.firstCompleted());
      jo.put("firstExchangeFailureTimestamp", counts.firstFailed());
      jo.put("lastExchangeCreatedTimestamp", counts.created());
      jo.put("lastExchangeCompletedTimestamp", counts.lastCompleted());
      jo.put("lastExchangeFailureTimestamp", counts.lastFailed());
    }
  }

  @Override
  public String dumpRouteStatsAsXml(boolean fullStats, boolean includeProcessors) throws Exception {
    return inFlight(super.dumpRouteStatsAsXml(fullStats, includeProcessors));
  }

  @Override
  public String dumpRouteStatsAsJSon(boolean fullStats, boolean includeProcessors)
      throws Exception {
    return inFlight(super.dumpRouteStatsAsJSon(fullStats, includeProcessors));
  }

  @Override
  public String dumpStepStatsAsXml(boolean fullStats) throws Exception {
    return inFlight(super.dumpStepStatsAsXml(fullStats));
  }

  /** These ask Camel's own counter, past what is overridden here, for the route comes first. */
  private String inFlight(String dump) {
    return IN_FLIGHT.matcher(dump).replaceFirst("$1" + getExchangesInflight());
  }

  @Override
  public String dumpStatsAsXml(boolean fullStats) {
    JsonObject stats = new JsonObject();
    statsAsJSon(stats, fullStats);
    StringBuilder xml = new StringBuilder("<stats");
    stats.forEach((name, value) ->
        xml.append(' ').append(name).append("=\"").append(text(name, value)).append('"'));
    return xml.append("/>").toString();
  }

  private static String text(String name, @Nullable Object value) {
    if (name.endsWith("Timestamp") && value instanceof Long millis) {
      return millis <= 0 ? "" : new SimpleDateFormat(TIMESTAMP_FORMAT, Locale.ROOT).format(millis);
    }
    return value == null ? "" : value.toString();
  }

  private static @Nullable Date date(long millis) {
    return millis > 0 ? new Date(millis) : null;
  }
}
