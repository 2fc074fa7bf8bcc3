package io.iir.flow;

import io.iir.trace.RequestTrace;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.ExchangeHelper;
import org.apache.camel.support.RoutePolicySupport;

/** Times one step: for its meter, for JMX, and for the answer's Server-Timing header. */
final class StepPolicy extends RoutePolicySupport {

  private final String step;
  private final Timer timer;
  private final StepCounts counts;

  StepPolicy(String step, Timer timer, StepCounts counts) {
    this.step = step;
    this.timer = timer;
    this.counts = counts;
  }

  @Override
  public void onExchangeBegin(Route route, Exchange exchange) {
    Timings timings = Variables.TIMINGS.find(exchange);
    if (timings != null) {
      counts.began(timings.lastEndNanos());
    }
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    Timings timings = Variables.TIMINGS.find(exchange);
    if (timings != null) {
      RequestTrace trace = Variables.TRACE.find(exchange);
      RequestTrace.enter(trace);
      long took = timings.end(step);
      timer.record(took, TimeUnit.NANOSECONDS);
      RequestTrace.leave(trace);
      if (exchange.isFailed()) {
        counts.failed(timings.lastEndNanos());
      } else {
        counts.completed(timings.lastEndNanos(), took, ExchangeHelper.isFailureHandled(exchange));
      }
    }
  }
}
