package io.iir.openai;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads one {@link OperationRequest} in a single pass. Used once, by one thread. */
final class OperationParser extends BodyParser {

  private static final Field INPUT_TEXTS =
      new Field("input", Field.Kind.TEXTS, "\"input\": [\"...\"]");
  private static final Field QUERY = new Field("query", Field.Kind.PART, "\"query\": \"...\"");
  private static final Field DOCUMENTS =
      new Field("documents", Field.Kind.LIST, "\"documents\": [\"...\"]");
  private static final Field PROMPT = new Field("prompt", Field.Kind.TEXT, "\"prompt\": \"...\"");
  private static final Field SPOKEN = new Field("input", Field.Kind.TEXT, "\"input\": \"...\"");

  final BoundedText text = new BoundedText();
  int count;
  int n = 1;
  boolean stream;
  boolean images;

  private final Operation operation;
  private final List<Field> required;
  private final Set<String> seen = new HashSet<>(4);

  private OperationParser(Operation operation, List<Field> required) {
    super(known(operation, required), example(required));
    this.operation = operation;
    this.required = required;
  }

  /**
   * A field that a request must have.
   *
   * @param example how it is written
   */
  private record Field(String name, Kind kind, String example) {

    /** What a field may hold. */
    enum Kind {
      TEXT("must be a string with something in it"),
      /** A text, or an object that holds one or an image. */
      PART("must be a string with something in it, or an object"),
      /** A text, several of them, or such as {@link #PART} has; a text may be token ids. */
      TEXTS("must be a string, or an array with at least one string, object or list of token ids"),
      LIST("must be an array with at least one string or object");

      private final String wrong;

      Kind(String wrong) {
        this.wrong = wrong;
      }
    }
  }

  /** A parser of requests for {@code operation}, whose body is JSON. */
  static OperationParser of(Operation operation) {
    return new OperationParser(
        operation,
        switch (operation) {
          case EMBEDDINGS, MODERATION -> List.of(INPUT_TEXTS);
          case RERANK -> List.of(QUERY, DOCUMENTS);
          case IMAGE -> List.of(PROMPT);
          case SPEECH -> List.of(SPOKEN);
          case CHAT, TRANSCRIPTION -> throw new IllegalArgumentException(operation.word());
        });
  }

  OperationRequest parse(byte[] json) {
    read(json);
    String model = checkedModel();
    for (Field field : required) {
      if (!seen.contains(field.name())) {
        throw ApiException.invalidRequest(
            "'%s' is missing: send %s.".formatted(field.name(), field.example()), field.name());
      }
    }
    return new OperationRequest(operation, json, model, this);
  }

  @Override
  void field(JsonParser in, String name) throws IOException {
    for (Field field : required) {
      if (field.name().equals(name)) {
        seen.add(name);
        required(in, field);
        return;
      }
    }
    if (operation == Operation.IMAGE && name.equals("n")) {
      n = positive(in, 1);
    } else if (operation == Operation.IMAGE && name.equals("stream")) {
      stream = flag(in, name);
    } else if (operation == Operation.SPEECH && name.equals("stream_format")) {
      stream = in.currentToken() == JsonToken.VALUE_STRING && in.getText().equals("sse");
    }
  }

  private void required(JsonParser in, Field field) throws IOException {
    boolean fits =
        switch (in.currentToken()) {
          case VALUE_STRING -> field.kind() != Field.Kind.LIST && string(in, field);
          case START_OBJECT -> field.kind() == Field.Kind.PART && part(in, field);
          case START_ARRAY ->
              (field.kind() == Field.Kind.TEXTS || field.kind() == Field.Kind.LIST)
                  && list(in, field);
          default -> false;
        };
    if (!fits) {
      fault(field.name(), field.kind().wrong);
    }
  }

  private boolean string(JsonParser in, Field field) throws IOException {
    count += field.equals(QUERY) ? 0 : 1;
    boolean filled = in.getTextLength() > 0;
    add(in, field);
    return filled;
  }

  private boolean part(JsonParser in, Field field) throws IOException {
    count += field.equals(QUERY) ? 0 : 1;
    strings(in, field);
    return true;
  }

  private boolean list(JsonParser in, Field field) throws IOException {
    int items = 0;
    boolean ids = false;
    boolean fit = true;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      items++;
      switch (in.currentToken()) {
        case VALUE_STRING -> add(in, field);
        case START_OBJECT -> strings(in, field);
        case VALUE_NUMBER_INT -> {
          ids = true;
          tokens.addToken();
        }
        case START_ARRAY -> fit &= field.kind() == Field.Kind.TEXTS && ids(in);
        default -> fit = false;
      }
      in.skipChildren();
    }
    count += ids ? 1 : items;
    return fit && items > 0 && (!ids || field.kind() == Field.Kind.TEXTS);
  }

  /** A text as the list of its tokens' ids. */
  private boolean ids(JsonParser in) throws IOException {
    boolean fit = true;
    while (in.nextToken() != JsonToken.END_ARRAY) {
      fit &= in.currentToken() == JsonToken.VALUE_NUMBER_INT;
      tokens.addToken();
      in.skipChildren();
    }
    return fit;
  }

  /** Counts what an object holds; an image by its address, whatever the API calls it. */
  private void strings(JsonParser in, Field field) throws IOException {
    int depth = 0;
    JsonToken token = in.currentToken();
    while (true) {
      if (token.isStructStart()) {
        depth++;
      } else if (token.isStructEnd()) {
        depth--;
      } else if (token == JsonToken.VALUE_STRING && !"type".equals(in.currentName())) {
        if (isImage(in)) {
          images = true;
          tokens.addImage();
        } else {
          add(in, field);
        }
      }
      if (depth == 0) {
        return;
      }
      token = in.nextToken();
    }
  }

  private static boolean isImage(JsonParser in) throws IOException {
    String name = String.valueOf(in.currentName());
    return name.equals("url") || name.equals("image_url") || name.equals("image");
  }

  private void add(JsonParser in, Field field) throws IOException {
    char[] chars = in.getTextCharacters();
    tokens.add(chars, in.getTextOffset(), in.getTextLength());
    tokens.endText();
    if (!field.equals(DOCUMENTS)) {
      text.add(chars, in.getTextOffset(), in.getTextLength());
    }
  }

  private static Set<String> known(Operation operation, List<Field> required) {
    Set<String> known = new HashSet<>(Set.of("model", "models"));
    required.forEach(field -> known.add(field.name()));
    if (operation == Operation.IMAGE) {
      known.addAll(Set.of("n", "stream"));
    } else if (operation == Operation.SPEECH) {
      known.add("stream_format");
    }
    return known;
  }

  private static String example(List<Field> required) {
    return String.join(", ", required.stream().map(Field::example).toList());
  }
}
