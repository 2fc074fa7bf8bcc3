package io.iir.recommend;

import io.iir.catalog.OpenWeights;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines for a shell that start a model, by server. Stateless. */
final class Commands {

  private Commands() {}

  /** Those for {@code model}; none where no server is known to have its weights kept so. */
  static Map<String, String> of(OpenWeights model, Fit fit, int context, Machine machine) {
    Map<String, String> commands = new LinkedHashMap<>();
    boolean vllm = fit.quantization().server() == Quantization.Server.VLLM;
    if (!vllm && model.gguf() != null) {
      commands.put("llama.cpp", llamaCpp(model, model.gguf(), fit, context));
    }
    if (!vllm) {
      ollama(model, fit.quantization(), commands);
    }
    boolean asTrained = fit.quantization() == Quantization.MXFP4;
    if (vllm || (asTrained && machine.isForVllm(model, fit))) {
      commands.put("vllm", vllm(model, fit, context));
    }
    return commands;
  }

  private static String llamaCpp(OpenWeights model, String gguf, Fit fit, int context) {
    String which = fit.quantization() == Quantization.MXFP4 ? "" : ":" + fit.quantization().name();
    int layers =
        switch (fit.placement()) {
          case GPU -> Math.max(99, model.layers() + 1);
          case SPLIT -> fit.layersOnGpu();
          case CPU -> 0;
        };
    return "llama-server -hf %s%s -c %d -ngl %d --jinja --port 8080"
        .formatted(gguf, which, context, layers);
  }

  /** Ollama's library keeps Q4_K_M under the plain tag; it takes others from Hugging Face. */
  private static void ollama(
      OpenWeights model, Quantization quantization, Map<String, String> commands) {
    boolean plain = quantization == Quantization.Q4_K_M || quantization == Quantization.MXFP4;
    if (plain && model.ollama() != null) {
      commands.put("ollama", "ollama run " + model.ollama());
    } else if (model.gguf() != null && quantization != Quantization.MXFP4) {
      commands.put("ollama", "ollama run hf.co/%s:%s".formatted(model.gguf(), quantization.name()));
    }
  }

  private static String vllm(OpenWeights model, Fit fit, int context) {
    return "vllm serve %s --max-model-len %d%s%s --port 8002"
        .formatted(
            model.huggingFace(),
            context,
            fit.gpus() > 1 ? " --tensor-parallel-size " + fit.gpus() : "",
            fit.quantization() == Quantization.FP8 ? " --quantization fp8" : "");
  }
}
