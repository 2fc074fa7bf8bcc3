package io.iir.flow;

import org.springframework.context.annotation.Configuration;

/** Names the APIs that clients speak, for the first steps of their entries. */
@Configuration(proxyBeanMethods = false)
public class ApiConfiguration {}
