/**
 * Anthropic's Messages API: chat requests into it, its messages, streams and errors out of it.
 *
 * @see <a href="https://platform.claude.com/docs/en/api/messages/create">Anthropic's reference</a>
 */
@NullMarked
package io.iir.protocol.anthropic;

import org.jspecify.annotations.NullMarked;
