package io.iir.catalog;

/** A catalogue that cannot be read: the message names the entry and says what is wrong with it. */
public final class CatalogException extends RuntimeException {

  private static final long serialVersionUID = 1L;

  CatalogException(String message) {
    super(message);
  }

  CatalogException(String message, Throwable cause) {
    super(message, cause);
  }
}
