package io.iir.flow;

import io.iir.transport.AnswerInput;
import io.iir.transport.AnswerStream;
import java.io.InputStream;
import org.apache.camel.CamelContext;
import org.apache.camel.spring.boot.CamelContextConfiguration;
import org.apache.camel.support.SimpleTypeConverter;
import org.springframework.stereotype.Component;

/** Lets engines that write their answers from an {@link InputStream} answer with a stream. */
@Component
public final class StreamConversion implements CamelContextConfiguration {

  @Override
  public void beforeApplicationStart(CamelContext context) {
    context
        .getTypeConverterRegistry()
        .addTypeConverter(
            InputStream.class,
            AnswerStream.class,
            new SimpleTypeConverter(
                false, (type, exchange, value) -> new AnswerInput((AnswerStream) value)));
  }

  @Override
  public void afterApplicationStart(CamelContext context) {}
}
