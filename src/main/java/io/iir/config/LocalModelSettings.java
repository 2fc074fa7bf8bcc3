package io.iir.config;

import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * A model whose server the gateway starts and stops.
 *
 * @param id a model whose server the gateway starts when a request needs it: {@code local/<model>}
 * @param driver how it is started: as a program, by Ollama, or by waking a vLLM server up
 * @param upstream the name that its server knows it by, also for {@code {model}}; null: the model's
 *     name in {@code id}
 * @param command for {@code process}: the program and its arguments, each as it is, without a
 *     shell; {@code {port}} and {@code {model}} stand for the port that it is to listen on, on
 *     127.0.0.1, and for {@code upstream}
 * @param environment variables that the program gets besides the gateway's own; of those, the ones
 *     with secrets are not handed on
 * @param directory where the program runs; null: where the gateway runs
 * @param baseUrl for {@code ollama} and {@code vllm}: where the server is; null: Ollama's or vLLM's
 *     usual one
 * @param basePath for {@code process}: what {@code /chat/completions} is put behind
 * @param ready the path that answers 200 when the server is ready
 * @param apiKey the key that the server wants; null: none
 * @param memory what the model takes of the machine's memory; null: not counted
 * @param vram what it takes of the memory of graphics processors; null: not counted
 * @param idleTtl after how long without a request it is stopped
 * @param startTimeout how long it may take until it is ready; then the start has failed
 */
public record LocalModelSettings(
    @NotNull(message = "is missing: give local/<model>")
        @Pattern(
            regexp = "local/[^\\s\\p{Cntrl}*]([^\\p{Cntrl}*]{0,200}[^\\s\\p{Cntrl}*])?",
            message = "must be local/<model>")
        String id,
    @DefaultValue("process") Driver driver,
    @Nullable
        @Pattern(
            regexp = "[^\\s\\p{Cntrl}]([^\\p{Cntrl}]{0,400}[^\\s\\p{Cntrl}])?",
            message = "must be a model's name")
        String upstream,
    @DefaultValue List<@NotNull(message = "must not be empty") String> command,
    @DefaultValue Map<String, Secret> environment,
    @Nullable String directory,
    @Nullable @BaseUrl String baseUrl,
    @DefaultValue("/v1")
        @NotBlank
        @Pattern(regexp = "/[!-~]*", message = "must be a path that begins with /")
        String basePath,
    @DefaultValue("/health")
        @NotBlank
        @Pattern(regexp = "/[!-~]*", message = "must be a path that begins with /")
        String ready,
    @Nullable @Key Secret apiKey,
    @Nullable @SizeBetween(min = "1MB", max = "100TB") DataSize memory,
    @Nullable @SizeBetween(min = "1MB", max = "100TB") DataSize vram,
    @DefaultValue("10m") @PositiveDuration(maxDays = 365) Duration idleTtl,
    @DefaultValue("2m") @PositiveDuration Duration startTimeout) {

  /** How a model is started and stopped. */
  public enum Driver {
    /** As a program, by its {@code command}. */
    PROCESS,
    /** By Ollama, which loads it into memory and drops it. */
    OLLAMA,
    /** By a vLLM server in development mode, which wakes up and goes to sleep. */
    VLLM
  }

  public LocalModelSettings {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
    apiKey = apiKey == null || apiKey.isEmpty() ? null : apiKey;
  }

  /** The name that its server knows it by. */
  public String model() {
    return upstream == null ? id.substring(id.indexOf('/') + 1) : upstream;
  }

  /** Where its program runs; null: where the gateway does. */
  public @Nullable Path directoryPath() {
    return directory == null || directory.isBlank() ? null : UserPath.of(directory);
  }
}
