package io.iir.feedback;

import com.fasterxml.jackson.databind.node.ObjectNode;

/** Describes the classifier that is loaded. Thread-safe, never blocks. */
@FunctionalInterface
public interface ClassifierModel {

  /** Its model file's header: version, checksum, and what was measured of it. */
  ObjectNode header();
}
