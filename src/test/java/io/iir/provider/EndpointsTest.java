package io.iir.provider;

import static org.assertj.core.api.Assertions.assertThat;

import io.iir.config.ProviderSettings.Affinity;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls to one model that several endpoints have. */
class EndpointsTest {

  private static final long SECOND = 1_000_000_000L;

  /** So many calls decide whether an endpoint is well again. */
  private static final int PROBES = 2;

  private long nanos = 1;
  private final ModelTraffic traffic = new ModelTraffic(() -> nanos);

  private Candidate model(int endpoints) {
    List<URI> urls =
        IntStream.range(0, endpoints)
            .mapToObj(i -> URI.create("http://10.0.0.%d/v1".formatted(i + 1)))
            .toList();
    Provider provider =
        Provider.openai("p", urls.getFirst())
            .with(new Fleet(urls, List.of(), Affinity.NONE, Duration.ZERO));
    Resolved resolved = new Resolved(provider, urls.getFirst(), "m");
    ModelName name = new ModelName("p", "m");
    return new Candidate(
        name,
        resolved,
        ModelFacts.UNKNOWN,
        traffic.of(name),
        new Ways(resolved, traffic.provider("p")));
  }

  private List<ModelCall> begin(Candidate model, int calls) {
    List<ModelCall> begun = new ArrayList<>();
    for (int i = 0; i < calls; i++) {
      begun.add(traffic.begin(model));
    }
    return begun;
  }

  @Test
  void oneThatHangsAfterItsWaitGetsNoMoreThanDecide() {
    Candidate model = model(2);
    Endpoint hanging = model.ways().endpoints().getFirst();
    Endpoint well = model.ways().endpoints().getLast();
    hanging.breaker().open();
    nanos += 5 * SECOND + 1;
    begin(model, 40);
    assertThat(hanging.breaker().isHalfOpen()).isTrue();
    assertThat(hanging.inFlight()).isEqualTo(PROBES);
    assertThat(well.inFlight()).isEqualTo(40 - PROBES);
  }

  @Test
  void whereNoneLetsACallThroughItIsMadeAllTheSame() {
    Candidate model = model(2);
    model.ways().endpoints().forEach(endpoint -> endpoint.breaker().open());
    assertThat(begin(model, 4)).as("ejected").hasSize(4);
    nanos += 5 * SECOND + 1;
    assertThat(begin(model, 20)).as("being tried").hasSize(20);
  }

  @Test
  void whatAllFailIsTriedAtThreeMore() {
    Candidate model = model(8);
    ModelCall call = traffic.begin(model);
    int calls = 1;
    for (ModelCall next = call.atAnotherEndpoint(); next != null; next = call.atAnotherEndpoint()) {
      call = next;
      calls++;
    }
    call.failed();
    assertThat(calls).isEqualTo(1 + Tried.MOST_MORE);
    assertThat(traffic.inFlight(model.name())).isZero();
    assertThat(model.ways().endpoints()).allMatch(endpoint -> endpoint.inFlight() == 0);
  }

  @Test
  void aStreamThatHasBegunDecides() {
    Candidate model = model(2);
    Endpoint tried = model.ways().endpoints().getFirst();
    tried.breaker().open();
    nanos += 5 * SECOND + 1;
    begin(model, 40).forEach(ModelCall::answering);
    assertThat(tried.breaker().isClosed()).isTrue();
  }

  @Test
  void aCallThatSaysNothingGivesItsPlaceToAnother() {
    Candidate model = model(2);
    Endpoint tried = model.ways().endpoints().getFirst();
    tried.breaker().open();
    nanos += 5 * SECOND + 1;
    begin(model, 40).forEach(ModelCall::dropped);
    assertThat(tried.breaker().isHalfOpen()).isTrue();
    begin(model, 40);
    assertThat(tried.inFlight()).isEqualTo(PROBES);
  }
}
