package io.iir.protocol.kit;

/** What clients of OpenAI's API get from OpenAI: the kit's own test, for nothing is translated. */
class OpenAiKitIT extends CompatibilityKit {

  @Override
  protected ProtocolFake newFake() {
    return new OpenAiFake();
  }
}
