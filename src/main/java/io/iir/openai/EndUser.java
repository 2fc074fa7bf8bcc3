package io.iir.openai;

import java.util.List;

/** Who is behind a request, as a number. */
final class EndUser {

  private EndUser() {}

  /**
   * A number that is the same for the same end user: of the bytes of {@code user}, else of {@code
   * safety_identifier}; where the client sends neither, of {@code text}, so that the same question
   * has the same number.
   */
  static int hash(List<TopLevelField> fields, byte[] body, String text) {
    TopLevelField user = null;
    for (TopLevelField field : fields) {
      boolean better = user == null && field.name().equals("safety_identifier");
      user = better || field.name().equals("user") ? field : user;
    }
    if (user == null) {
      return text.hashCode();
    }
    int hash = 1;
    for (int i = user.start(); i < user.end(); i++) {
      hash = 31 * hash + body[i];
    }
    return hash;
  }
}
