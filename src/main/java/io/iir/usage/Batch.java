package io.iir.usage;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rows to be written to the database together.
 *
 * @param journal the journal that they are from
 * @param rows in the order in which they were appended
 * @param segment where they lie; null: in memory alone
 * @param end where the last of them ends there
 */
record Batch(long journal, List<UsageRow> rows, @Nullable Segment segment, int end) {}
