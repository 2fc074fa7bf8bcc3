package io.iir.openai;

/**
 * Where a field of a body's outermost object lies.
 *
 * @param name its name, unescaped
 * @param start the offset of its value's first byte
 * @param end the offset behind its value's last byte
 */
record TopLevelField(String name, int start, int end) {}
