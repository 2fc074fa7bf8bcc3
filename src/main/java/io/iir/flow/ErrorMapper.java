package io.iir.flow;

import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import io.iir.store.Outage;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place where a failure becomes what the client is told. Stateless. */
public final class ErrorMapper {

  private static final Logger LOG = LoggerFactory.getLogger(ErrorMapper.class);

  private ErrorMapper() {}

  /**
   * What the client is told of {@code failure}: refusals as they are; a database that is away is a
   * 503; anything else is a defect, goes to the log in full and to the client as a 500 that gives
   * nothing away.
   */
  public static ApiException map(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof ApiException refusal) {
        return refusal;
      }
    }
    if (Outage.shows(failure)) {
      LOG.warn("a request failed, for the database does not answer: {}", failure.getMessage());
      return new ApiException(
          ApiError.server(
              503, "store_unavailable", "the gateway's database does not answer; try again"),
          Map.of("Retry-After", "2"));
    }
    LOG.error("a request failed", failure);
    return new ApiException(
        ApiError.server(500, "internal_error", "the gateway failed; its log says why"));
  }
}
