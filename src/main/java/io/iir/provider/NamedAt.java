package io.iir.provider;

/**
 * A model that a text of the targets' language names.
 *
 * @param name the model
 * @param column where in the text its name begins: the first character is 1
 */
public record NamedAt(ModelName name, int column) {}
