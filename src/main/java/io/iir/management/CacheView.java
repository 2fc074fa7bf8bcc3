package io.iir.management;

import io.iir.cache.AnswerCache;
import io.iir.cache.CacheFilter;

/** The cache, as JMX shows it. Thread-safe. */
record CacheView(AnswerCache cache) implements CacheMXBean {

  @Override
  public long getEntries() {
    return cache.entries();
  }

  @Override
  public long getBytes() {
    return cache.bytes();
  }

  @Override
  public long getEvictions() {
    return cache.evictions();
  }

  @Override
  public long getHitsInMemory() {
    return cache.counts().inMemory();
  }

  @Override
  public long getHitsInRedis() {
    return cache.counts().inRedis();
  }

  @Override
  public long getMisses() {
    return cache.counts().misses();
  }

  @Override
  public long getCoalesced() {
    return cache.counts().coalesced();
  }

  @Override
  public long getWaiting() {
    return cache.waiting();
  }

  @Override
  public void clear() {
    cache.clear(CacheFilter.ALL);
  }
}
