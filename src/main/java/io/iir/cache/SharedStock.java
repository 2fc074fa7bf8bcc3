package io.iir.cache;

import io.iir.cache.AnswerBytes.Header;
import java.util.ArrayList;
import java.util.List;

/**
 * All answers in Redis, page by page, so that Redis is never held up. Its methods block for as long
 * as that takes: called on virtual threads. They fail with a {@link
 * java.util.concurrent.CompletionException} of what failed.
 */
final class SharedStock {

  private static final byte[] BEGIN = {'0'};

  private final SharedAnswers answers;

  SharedStock(SharedAnswers answers) {
    this.answers = answers;
  }

  CacheReport.Stock count() {
    long entries = 0;
    long bytes = 0;
    byte[] cursor = BEGIN;
    do {
      List<Object> page = answers.count(cursor).join();
      cursor = cursor(page);
      entries += SharedAnswers.number(page, 1);
      bytes += SharedAnswers.number(page, 2);
    } while (!isEnd(cursor));
    return new CacheReport.Stock(entries, bytes);
  }

  /** Drops what {@code filter} means, and what cannot be read; answers how many that were. */
  long clear(CacheFilter filter) {
    long cleared = 0;
    byte[] cursor = BEGIN;
    do {
      List<Object> page = answers.list(cursor).join();
      cursor = cursor(page);
      List<byte[]> meant = new ArrayList<>();
      for (int i = 1; i + 1 < page.size(); i += 2) {
        if (page.get(i) instanceof byte[] key
            && page.get(i + 1) instanceof byte[] head
            && isMeant(filter, head)) {
          meant.add(key);
        }
      }
      if (!meant.isEmpty()) {
        cleared += answers.drop(meant.toArray(byte[][]::new)).join();
      }
    } while (!isEnd(cursor));
    return cleared;
  }

  private static boolean isMeant(CacheFilter filter, byte[] head) {
    Header header = filter.isAll() ? null : AnswerBytes.header(head);
    return header == null
        || filter.matches(header.provider(), header.model(), header.keyId(), header.team());
  }

  private static byte[] cursor(List<Object> page) {
    return !page.isEmpty() && page.getFirst() instanceof byte[] cursor ? cursor : BEGIN;
  }

  private static boolean isEnd(byte[] cursor) {
    return cursor.length == 1 && cursor[0] == '0';
  }
}
