package io.iir.provider;

import io.iir.config.Capability;
import io.iir.config.Protocol;
import org.jspecify.annotations.Nullable;

/** Why a model cannot take a request. What is not known of a model does not speak against it. */
enum Misfit {
  OPERATION,
  IMAGES,
  TOOLS,
  JSON,
  CONTEXT,
  MACHINE;

  /** What speaks against {@code model}; null if nothing does. */
  static @Nullable Misfit of(Candidate model, Needs needs) {
    ModelFacts facts = model.facts();
    Protocol protocol = model.resolved().provider().protocol();
    if (OperationModels.isKnownForOthers(facts, needs.operation())
        || !protocol.operations().contains(OperationModels.capability(needs.operation()))) {
      return OPERATION;
    }
    if (needs.images() && facts.cannot().contains(Capability.IMAGES)) {
      return IMAGES;
    }
    if (needs.tools() && facts.cannot().contains(Capability.TOOLS)) {
      return TOOLS;
    }
    if (needs.json() && facts.cannot().contains(Capability.JSON)) {
      return JSON;
    }
    Integer context = facts.context();
    if (context != null && context < needs.tokens()) {
      return CONTEXT;
    }
    OnDemandModel started = model.resolved().onDemand();
    return started != null && started.unfit() != null ? MACHINE : null;
  }

  String words(Candidate model, Needs needs) {
    return switch (this) {
      case OPERATION -> "is not for " + needs.operation().word();
      case IMAGES -> "takes no images";
      case TOOLS -> "takes no tools";
      case JSON -> "cannot be held to JSON";
      case CONTEXT ->
          "context of %d tokens is less than the %d wanted"
              .formatted(model.facts().context(), needs.tokens());
      case MACHINE -> {
        OnDemandModel started = model.resolved().onDemand();
        yield String.valueOf(started == null ? null : started.unfit());
      }
    };
  }
}
