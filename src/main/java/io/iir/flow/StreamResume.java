package io.iir.flow;

import io.iir.backend.AnswerTranslator;
import io.iir.backend.ChatTap;
import io.iir.backend.ContinuedAnswer;
import io.iir.backend.EventCopy;
import io.iir.backend.EventTap;
import io.iir.backend.Tally;
import io.iir.backend.UpstreamClient;
import io.iir.backend.UpstreamException;
import io.iir.config.IirProperties;
import io.iir.config.Protocol;
import io.iir.flow.relay.RelayCall;
import io.iir.metrics.FlowMeters;
import io.iir.openai.ApiException;
import io.iir.openai.ChatRequest;
import io.iir.openai.ModelRequest;
import io.iir.openai.Operation;
import io.iir.openai.Prefill;
import io.iir.openai.StreamedText;
import io.iir.protocol.Protocols;
import io.iir.protocol.WireCall;
import io.iir.provider.Candidate;
import io.iir.provider.Provider;
import io.iir.throttle.Permit;
import io.iir.transport.AnswerStream;
import java.util.function.Predicate;
import org.apache.camel.Exchange;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Has the next target go on with a stream that has broken off after the client's answer began:
 * where the client has seen only comments, from the beginning; where it has seen text and {@code
 * iir.backend.resume} says so, from there. Thread-safe.
 */
@Component
public final class StreamResume {

  private static final Logger LOG = LoggerFactory.getLogger(StreamResume.class);

  private final boolean resumes;
  private final BackendRequest requests;
  private final Protocols protocols;
  private final UpstreamClient client;
  private final Cover cover;
  private final FlowMeters meters;
  private final CallMeters calls;

  /**
   * As {@code properties} say: calls are made by {@code requests} and {@code client}, covered by
   * {@code cover}.
   */
  StreamResume(
      IirProperties properties,
      BackendRequest requests,
      Protocols protocols,
      UpstreamClient client,
      Cover cover,
      FlowMeters meters,
      CallMeters calls) {
    this.resumes = properties.backend().resume();
    this.requests = requests;
    this.protocols = protocols;
    this.client = client;
    this.cover = cover;
    this.meters = meters;
    this.calls = calls;
  }

  /** The call that is about to be made is watched, if its stream may be gone on with. */
  void watch(Exchange exchange) {
    ModelRequest request = Variables.REQUEST.get(exchange);
    RelayCall call = Variables.RELAY_CALL.get(exchange);
    boolean comments = call.keepAliveNanos() != Long.MAX_VALUE || isStarted(exchange);
    if (!request.stream()
        || request.operation() != Operation.CHAT
        || !(resumes || comments)
        || Variables.ATTEMPTS.get(exchange).notAsked() == 0) {
      return;
    }
    boolean text = resumes && request.n() == 1 && !request.hasTools() && !request.jsonMode();
    Variables.RELAY_CALL.set(
        exchange,
        call.watchedBy(
            new Handover(this, exchange, call.tap(), text ? new StreamedText() : null, false)));
  }

  private static boolean isStarted(Exchange exchange) {
    return Variables.ATTEMPTS.get(exchange).current().resolved().onDemand() != null;
  }

  /** Whether there is a target that could go on, {@code seen} or not. */
  boolean hasNext(Exchange exchange, boolean seen) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    return (seen || !attempts.outOfTime()) && attempts.hasNext(target -> suits(target, seen));
  }

  /** A model that must be started first would keep the client waiting in the middle of a word. */
  private static boolean suits(Candidate target, boolean seen) {
    return target.resolved().onDemand() == null
        && target.resolved().provider().protocol() != Protocol.SIM
        && !(seen && prefill(target) == Prefill.NEVER);
  }

  /** How {@code target} is asked to go on with a text. */
  static Prefill prefill(Candidate target) {
    Provider provider = target.resolved().provider();
    if (provider.protocol() != Protocol.OPENAI) {
      return Prefill.LAST_MESSAGE;
    }
    return switch (provider.vendor().name()) {
      case "openai", "azure" -> Prefill.NEVER;
      case "mistral", "deepseek" -> Prefill.PREFIX;
      case "", "vllm", "sglang" -> Prefill.CONTINUE;
      default -> Prefill.LAST_MESSAGE;
    };
  }

  /** Has the next target go on with {@code stream}, whose client has seen {@code before}. */
  boolean goOn(Exchange exchange, Handover before, AnswerStream stream) {
    Attempts attempts = Variables.ATTEMPTS.get(exchange);
    String broken = attempts.current().name().id();
    CallTraces.brokeOff(attempts, Variables.TALLY.get(exchange));
    attempts.call().failed();
    boolean seen = before.seen();
    calls.ended(exchange, attempts.current().name(), Variables.TALLY.get(exchange), "error");
    breakOff(exchange, seen);
    Predicate<Candidate> suits = target -> suits(target, seen);
    for (Candidate target = attempts.goOnWith(suits);
        target != null;
        target = attempts.goOnWith(suits)) {
      try {
        start(exchange, target, before, stream);
      } catch (ApiException | IllegalArgumentException | UpstreamException e) {
        attempts.drop();
        String why = String.valueOf(e.getMessage());
        Candidate unable = target;
        AboutRequest.run(
            exchange,
            () -> LOG.info("{} cannot go on with the stream of {}: {}", unable, broken, why));
        continue;
      }
      Candidate next = target;
      AboutRequest.run(
          exchange, () -> LOG.info("the stream of {} broke off; {} goes on with it", broken, next));
      meters.backendResume(target.name().provider(), seen ? "resumed" : "restarted");
      return true;
    }
    return false;
  }

  /** What the current target has used counts at its own price, whoever is asked to go on. */
  private static void breakOff(Exchange exchange, boolean seen) {
    Tally tally = Variables.TALLY.get(exchange);
    long spent = Costs.ofAnswer(tally, Variables.ATTEMPTS.get(exchange).current().facts());
    if (seen) {
      tally.brokeOff(spent);
    } else {
      tally.setAside(spent); // another begins anew
    }
  }

  private void start(Exchange exchange, Candidate target, Handover before, AnswerStream stream)
      throws UpstreamException {
    ModelRequest request = cover.request(exchange, target);
    Tally tally = Variables.TALLY.get(exchange);
    StreamedText text = before.text();
    String shown = before.seen() && text != null ? text.text().stripTrailing() : "";
    ModelRequest asked = shown.isEmpty() ? request : begun(request, target, shown, tally);
    WireCall wire = protocols.call(asked, Variables.ATTEMPTS.get(exchange).call().resolved());
    AnswerTranslator translator = wire.translator();
    if (before.seen() && text != null) {
      String left = text.text().substring(shown.length());
      translator = new ContinuedAnswer(translator, text, left, tally);
    }
    ChatTap tap =
        new ChatTap(
            tally,
            request.includeUsage() ? ChatTap.UsageChunk.SHOWN : ChatTap.UsageChunk.HIDDEN,
            target.name().provider(),
            request.n(),
            null);
    EventTap read = CallTraces.readAlong(exchange, tap);
    RelayCall call = requests.call(exchange, request, wire, read, translator);
    Permit permit = Variables.PERMIT.find(exchange);
    if (permit != null) {
      call = cover.once(cover.after(exchange, permit, target, asked), call);
    }
    EventCopy copy = Variables.EVENT_COPY.find(exchange);
    if (copy != null) {
      copy.close(); // an answer of two models is not kept
    }
    Variables.JUDGE_SAMPLE.remove(exchange); // nor is it compared
    tally.goingOn();
    client.goOn(
        call.request(wire.body()),
        call.bounds(),
        stream,
        new Handover(this, exchange, read, text, before.seen()),
        call.opening());
  }

  private static ModelRequest begun(
      ModelRequest request, Candidate target, String text, Tally tally) {
    String upstream = target.resolved().upstream();
    return ChatRequest.parse(
        prefill(target).into(request.forUpstream(upstream), text, tally.completionTokens()));
  }
}
