package io.iir.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.iir.hardware.Gpu;
import io.iir.hardware.Hardware;
import io.iir.hardware.Memory;
import io.iir.recommend.Recommendation;
import java.util.Collection;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an advisor is asked: a chat request whose answer must be JSON of a given shape, with the
 * recommendations' ids as the only ones there are. Stateless.
 *
 * @see <a href="https://platform.openai.com/docs/guides/structured-outputs">Structured outputs</a>
 */
final class AdviceRequest {

  private static final ObjectMapper JSON = new ObjectMapper();
  private static final double GIGA = 1e9;

  private static final String TASK =
      """
      You advise which language models to run on a machine. The user gives you the machine and the \
      models that fit it, with estimates that you need not doubt. Put all of them in order, the one \
      to try first at the top: weigh the quality of answers, the speed (below 10 tokens a second \
      few people wait), and the room that is left. Give each a reason of one sentence of at most \
      200 characters that names what decided. Use only the ids that are given, each once. Answer \
      with JSON and nothing else: {"ranked": [{"id": "…", "reason": "…"}]}
      """;

  private AdviceRequest() {}

  /**
   * The body of the request.
   *
   * @param model the model's name at its provider
   * @param byId what is to be ranked
   */
  static ObjectNode write(String model, Hardware hardware, Map<String, Recommendation> byId) {
    ObjectNode body = JSON.createObjectNode();
    body.put("model", model);
    ArrayNode messages = body.putArray("messages");
    messages.addObject().put("role", "system").put("content", TASK.strip());
    messages.addObject().put("role", "user").put("content", question(hardware, byId));
    ObjectNode format = body.putObject("response_format").put("type", "json_schema");
    ObjectNode named = format.putObject("json_schema").put("name", "ranking").put("strict", true);
    named.set("schema", schema(byId.keySet()));
    return body;
  }

  private static ObjectNode schema(Collection<String> ids) {
    ObjectNode entry = closed("id", "reason");
    ObjectNode id = property(entry, "id").put("type", "string");
    ids.forEach(id.putArray("enum")::add);
    property(entry, "reason").put("type", "string");
    ObjectNode schema = closed("ranked");
    property(schema, "ranked").put("type", "array").set("items", entry);
    return schema;
  }

  /** A schema of objects with {@code fields} and no others. */
  private static ObjectNode closed(String... fields) {
    ObjectNode schema = JSON.createObjectNode().put("type", "object");
    schema.putObject("properties");
    ArrayNode required = schema.putArray("required");
    for (String field : fields) {
      required.add(field);
    }
    return schema.put("additionalProperties", false);
  }

  private static ObjectNode property(ObjectNode schema, String field) {
    return schema.withObject("/properties").putObject(field);
  }

  private static String question(Hardware hardware, Map<String, Recommendation> byId) {
    ObjectNode question = JSON.createObjectNode();
    Memory memory = hardware.memory();
    ObjectNode machine = question.putObject("machine");
    machine.put("system", hardware.system());
    machine.put("processor", hardware.cpu().model());
    machine.put("cores", hardware.cpu().physicalCores());
    machine.put("memory_gb", gigabytes(memory.usableBytes()));
    machine.put("free_memory_gb", gigabytes(memory.availableBytes()));
    ArrayNode gpus = machine.putArray("gpus");
    for (Gpu gpu : hardware.gpus()) {
      gpus.addObject()
          .put("name", gpu.name())
          .put("memory_gb", gigabytes(gpu.totalBytes()))
          .put("free_memory_gb", gigabytes(gpu.freeBytes()));
    }
    ArrayNode models = question.putArray("models");
    byId.forEach((id, model) -> models.add(model(id, model)));
    return question.toString();
  }

  private static ObjectNode model(String id, Recommendation model) {
    ObjectNode one = JSON.createObjectNode();
    one.put("id", id);
    one.put("placement", model.placement().name().toLowerCase(Locale.ROOT));
    one.put("context", model.context());
    one.put("memory_gb", gigabytes(model.bytes()));
    one.put("tokens_per_second", rounded(model.decodeTokensPerSecond()));
    one.put("prompt_tokens_per_second", rounded(model.prefillTokensPerSecond()));
    one.put("quality", model.quality());
    model.notes().forEach(one.putArray("notes")::add);
    return one;
  }

  private static @Nullable Double rounded(@Nullable Double number) {
    return number == null ? null : Double.valueOf(Math.round(number * 10) / 10.0);
  }

  private static double gigabytes(long bytes) {
    return Math.round(bytes / GIGA * 10) / 10.0;
  }
}
