package io.iir.classify;

import java.io.IOException;
import java.nio.channels.FileChannel;

/** What is made of a file that is open. */
interface Reading<T> {
  T of(FileChannel channel) throws IOException;
}
