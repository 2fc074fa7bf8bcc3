package io.iir.protocol.gemini;

import io.iir.protocol.kit.CompatibilityKit;
import io.iir.protocol.kit.ProtocolFake;

/** Any client reaches Gemini. */
class GeminiKitIT extends CompatibilityKit {

  @Override
  protected ProtocolFake newFake() {
    return new GeminiFake();
  }
}
