package io.iir.management;

import io.iir.jmx.About;

/** What JMX shows of the cache of answers: {@code io.iir:type=Cache}. */
@About("The cache of answers in this gateway's memory, and what it finds in Redis")
public interface CacheMXBean {

  /** Answers in memory. */
  @About("How many answers are in memory")
  long getEntries();

  /** Their bytes. */
  @About("How many bytes of memory they take")
  long getBytes();

  /** Answers dropped. */
  @About("How many answers were dropped for want of room")
  long getEvictions();

  /** Requests answered from memory. */
  @About("How many requests found their answer in memory")
  long getHitsInMemory();

  /** Requests answered from Redis. */
  @About("How many requests found their answer in Redis")
  long getHitsInRedis();

  /** Requests answered by a provider. */
  @About("How many requests had their answer made")
  long getMisses();

  /** Requests that waited for another's answer. */
  @About("How many requests got the answer of the same request at the same time")
  long getCoalesced();

  /** Requests that wait for it now. */
  @About("How many requests wait for such an answer now")
  long getWaiting();

  /** Drops all answers. */
  @About("Drops all answers, here, in Redis and in other gateways' memory")
  void clear();
}
