package io.iir.provider;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iir.config.Capability;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Models as OpenAI's clients read them, with what else is known under {@code iir}: {@code
 * provider}, {@code state}, and the facts of {@link ModelFacts}. UTF-8.
 *
 * @see <a href="https://platform.openai.com/docs/api-reference/models">OpenAI's models API</a>
 */
public final class ModelsJson {

  private static final JsonFactory JSON = new ObjectMapper().getFactory();

  private ModelsJson() {}

  /** The body of {@code GET /v1/models}: those of {@code models} whose id is allowed. */
  public static byte[] list(Collection<Model> models, Predicate<String> allowed) {
    return render(json -> {
      json.writeStartObject();
      json.writeStringField("object", "list");
      json.writeArrayFieldStart("data");
      for (Model model : models) {
        if (allowed.test(model.id())) {
          write(json, model);
        }
      }
      json.writeEndArray();
      json.writeEndObject();
    });
  }

  /** The body of {@code GET /v1/models/{id}}. */
  public static byte[] one(Model model) {
    return render(json -> write(json, model));
  }

  private static void write(JsonGenerator json, Model model) throws IOException {
    json.writeStartObject();
    json.writeStringField("id", model.id());
    json.writeStringField("object", "model");
    json.writeNumberField("created", model.created());
    json.writeStringField("owned_by", model.ownedBy());
    json.writeObjectFieldStart("iir");
    json.writeStringField("provider", model.provider());
    json.writeStringField("state", model.state().word());
    write(json, model.facts());
    json.writeEndObject();
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, ModelFacts facts) throws IOException {
    field(json, "context", facts.context());
    field(json, "max_output", facts.maxOutput());
    if (!facts.can().isEmpty() || !facts.cannot().isEmpty()) {
      json.writeArrayFieldStart("capabilities");
      for (Capability capability : facts.can()) {
        json.writeString(capability.word());
      }
      json.writeEndArray();
    }
    Price price = facts.price();
    if (price != null) {
      json.writeObjectFieldStart("price");
      field(json, "input", price.input());
      field(json, "output", price.output());
      json.writeEndObject();
    }
    field(json, "quality", facts.quality());
    about(json, facts.about());
  }

  private static void about(JsonGenerator json, About about) throws IOException {
    field(json, "quality_source", about.qualitySource());
    if (!about.inputs().isEmpty() || !about.outputs().isEmpty()) {
      json.writeObjectFieldStart("modalities");
      words(json, "input", about.inputs());
      words(json, "output", about.outputs());
      json.writeEndObject();
    }
    LocalDate deprecated = about.deprecated();
    field(json, "deprecated", deprecated == null ? null : deprecated.toString());
    field(json, "quantization", about.quantization());
    field(json, "source", about.source());
  }

  private static void words(JsonGenerator json, String name, Set<String> words) throws IOException {
    json.writeArrayFieldStart(name);
    for (String word : words) {
      json.writeString(word);
    }
    json.writeEndArray();
  }

  private static void field(JsonGenerator json, String name, @Nullable Object value)
      throws IOException {
    if (value != null) {
      json.writeObjectField(name, value);
    }
  }

  private interface Body {
    void write(JsonGenerator json) throws IOException;
  }

  private static byte[] render(Body body) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(1024);
    try (JsonGenerator json = JSON.createGenerator(out)) {
      json.enable(JsonGenerator.Feature.WRITE_BIGDECIMAL_AS_PLAIN);
      body.write(json);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
