package io.iir.rules.check;

import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.apache.camel.CamelContext;
import org.apache.camel.Consumer;
import org.apache.camel.management.DefaultManagementObjectNameStrategy;

/**
 * Camel's names in JMX, but that a consumer is named by what it consumes: Camel names it by its
 * identity, so that each edit of a rule would bring a new name.
 */
final class RuleBeanNames extends DefaultManagementObjectNameStrategy {

  @Override
  public ObjectName getObjectNameForConsumer(CamelContext context, Consumer consumer)
      throws MalformedObjectNameException {
    return createObjectName(
        new StringBuilder(domainName)
            .append(":context=")
            .append(getContextId(context))
            .append(",type=consumers,name=")
            .append(ObjectName.quote(consumer.getEndpoint().getEndpointUri())));
  }
}
