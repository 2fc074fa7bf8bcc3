package io.iir.admin;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.classify.Classifier;
import io.iir.feedback.Calibration;
import io.iir.feedback.Learning;
import io.iir.feedback.QualityGate;
import io.iir.flow.Variables;
import io.iir.openai.ApiError;
import io.iir.openai.ApiException;
import java.security.SecureRandom;
import java.time.Instant;
import org.apache.camel.Exchange;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Component;

/**
 * The endpoints {@code /api/v1/classifier}: what tells categories and complexity, and what clients'
 * feedback says of the models; make that anew, and take it back.
 */
@Component
public class ClassifierRoute extends AdminEndpoints {

  private static final String ALL = "platform-http:/api/v1/classifier";
  private static final String POST = "?httpMethodRestrict=POST";
  private static final String AUDIT = "sql:classpath:sql/audit.sql?noop=true";
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Learning learning;
  private final QualityGate gate;
  private final Classifier classifier;
  private final ClassifierView view = new ClassifierView(JSON);
  private final SecureRandom random = new SecureRandom();

  /** The endpoints of {@code learning}, whose last result {@code gate} knows. */
  public ClassifierRoute(Learning learning, QualityGate gate, Classifier classifier) {
    this.learning = learning;
    this.gate = gate;
    this.classifier = classifier;
  }

  @Override
  public void configure() {
    endpoint(
            "classifier",
            ALL + "?httpMethodRestrict=GET",
            "Shows the classifier, the calibration of models, and the drift of categories")
        .process(this::show)
        .id("classifier.render");

    endpoint("classifier-refit", ALL + "/refit" + POST, "Makes the calibration anew, and uses it")
        .process(this::refit)
        .id("classifier-refit.apply")
        .to(AUDIT)
        .id("classifier-refit.audit")
        .process(this::show)
        .id("classifier-refit.render");

    endpoint(
            "classifier-rollback",
            ALL + "/rollback" + POST,
            "Goes back to the calibration before the one in use, or to none")
        .process(this::rollBack)
        .id("classifier-rollback.apply")
        .to(AUDIT)
        .id("classifier-rollback.audit")
        .process(this::show)
        .id("classifier-rollback.render");
  }

  private void show(Exchange exchange) {
    render(exchange, 200, view.of(classifier, gate.live(), learning));
  }

  private void refit(Exchange exchange) {
    Calibration made = learning.refit(Variables.PRINCIPAL.get(exchange).id());
    if (made == null) {
      throw new ApiException(
          ApiError.invalid(
              409,
              "no_feedback",
              "There is nothing to learn from: no POST /v1/feedback has come for an answer of a"
                  + " model between which and another auto/cost had to choose.",
              null));
    }
    audit(exchange, "classifier.refit", made);
  }

  private void rollBack(Exchange exchange) {
    if (!learning.rollBack()) {
      throw new ApiException(
          ApiError.invalid(
              409, "no_earlier_version", "There is no calibration in use to go back from.", null));
    }
    audit(exchange, "classifier.rollback", gate.live());
  }

  private void audit(Exchange exchange, String action, @Nullable Calibration now) {
    ObjectNode detail =
        JSON.createObjectNode().putPOJO("version", now == null ? null : now.number());
    String actor = Variables.PRINCIPAL.get(exchange).id();
    exchange
        .getMessage()
        .setBody(
            new Audit(actor, Instant.now(), random).row("classifier", action, detail.toString()));
  }
}
