package io.iir.provider;

import java.util.Map;

/**
 * A model in the list of a server.
 *
 * @param name the id in that list
 * @param created seconds since 1970, or 0
 * @param ownedBy whose it is, or empty
 * @param facts see {@link ModelFacts}
 */
record ListedModel(String name, long created, String ownedBy, Map<String, Object> facts) {}
