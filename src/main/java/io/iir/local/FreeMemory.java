package io.iir.local;

/** How much memory models may still take. Blocks for some milliseconds at most. Thread-safe. */
public interface FreeMemory {

  /** Bytes of main memory that the machine, or this container, has in all. */
  long totalBytes();

  /** Bytes of it that are free. */
  long freeBytes();

  /** Bytes of memory that the graphics processors have in all; 0: none, or unknown. */
  long totalVramBytes();

  /** Bytes of it that are free. */
  long freeVramBytes();
}
