package io.iir.flow;

import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;

/** The hour and the day of the week where the gateway is, worked out once an hour. Thread-safe. */
final class LocalTime {

  private record Hour(long fromMillis, long untilMillis, int hour, String weekday) {}

  private final Clock clock;
  private final ZoneId zone;
  private volatile Hour known;

  /** The time that {@code clock} shows in {@code zone}. */
  LocalTime(Clock clock, ZoneId zone) {
    this.clock = clock;
    this.zone = zone;
    this.known = at(clock.millis());
  }

  /** 0 to 23. */
  int hour() {
    return now().hour();
  }

  /** {@code MONDAY} to {@code SUNDAY}. */
  String weekday() {
    return now().weekday();
  }

  private Hour now() {
    long millis = clock.millis();
    Hour hour = known;
    if (millis < hour.fromMillis() || millis >= hour.untilMillis()) {
      hour = at(millis);
      known = hour;
    }
    return hour;
  }

  private Hour at(long millis) {
    ZonedDateTime now = Instant.ofEpochMilli(millis).atZone(zone);
    ZonedDateTime begin = now.truncatedTo(ChronoUnit.HOURS);
    return new Hour(
        begin.toInstant().toEpochMilli(),
        begin.plusHours(1).toInstant().toEpochMilli(),
        now.getHour(),
        now.getDayOfWeek().name());
  }
}
