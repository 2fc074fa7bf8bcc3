package io.iir.provider;

/**
 * A model in the list of a server.
 *
 * @param name the id in that list
 * @param created seconds since 1970, or 0
 * @param ownedBy whose it is, or empty
 * @param facts what the list says of it besides
 */
public record ListedModel(String name, long created, String ownedBy, ModelFacts facts) {}
