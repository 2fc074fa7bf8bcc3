/** AWS Bedrock's Converse API: requests into it, answers and event streams out of it. */
@NullMarked
package io.iir.protocol.bedrock;

import org.jspecify.annotations.NullMarked;
