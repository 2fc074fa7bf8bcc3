package io.iir.flow;

import io.iir.trace.RequestTrace;
import io.micrometer.core.instrument.Timer;
import java.util.concurrent.TimeUnit;
import org.apache.camel.Exchange;
import org.apache.camel.Route;
import org.apache.camel.support.RoutePolicySupport;

/** Times one step: for its meter and for the answer's Server-Timing header. */
final class StepPolicy extends RoutePolicySupport {

  private final String step;
  private final Timer timer;

  StepPolicy(String step, Timer timer) {
    this.step = step;
    this.timer = timer;
  }

  @Override
  public void onExchangeDone(Route route, Exchange exchange) {
    Timings timings = Variables.TIMINGS.find(exchange);
    if (timings != null) {
      RequestTrace trace = Variables.TRACE.find(exchange);
      RequestTrace.enter(trace);
      timer.record(timings.end(step), TimeUnit.NANOSECONDS);
      RequestTrace.leave(trace);
    }
  }
}
