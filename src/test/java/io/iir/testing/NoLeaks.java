package io.iir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBufAllocator;
import java.lang.ref.WeakReference;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/** Fails an integration test after which a Netty buffer was collected that nobody had released. */
public final class NoLeaks implements AfterAllCallback {

  @Override
  public void afterAll(ExtensionContext context) {
    if (!context.getRequiredTestClass().getSimpleName().endsWith("IT")) {
      return;
    }
    WeakReference<Object> collected = new WeakReference<>(new Object());
    await()
        .until(() -> {
          System.gc();
          return collected.refersTo(null);
        });
    // The detector looks for what was collected when it tracks the next buffer.
    ByteBufAllocator.DEFAULT.buffer().release();
    assertThat(LeakRecorder.leaks()).isEmpty();
  }
}
