package io.iir.recommend;

import io.iir.catalog.OpenWeights;
import io.iir.hardware.Gpu;
import java.util.LinkedHashMap;
import java.util.Map;

/** The lines for a shell that start a model, by server. Stateless. */
final class Commands {

  private Commands() {}

  static Map<String, String> of(OpenWeights model, Fit fit, int context, Machine machine) {
    Map<String, String> commands = new LinkedHashMap<>();
    boolean vllm = fit.quantization().server() == Quantization.Server.VLLM;
    if (!vllm && model.gguf() != null) {
      commands.put("llama.cpp", llamaCpp(model.gguf(), fit, context));
    }
    if (!vllm) {
      ollama(model, fit.quantization(), commands);
    }
    boolean native4 = fit.quantization() == Quantization.MXFP4;
    boolean nvidia =
        !machine.gpus().isEmpty() && machine.gpus().getFirst().vendor() == Gpu.Vendor.NVIDIA;
    if (vllm
        || (native4 && nvidia && fit.placement() == Recommendation.Placement.GPU && isEven(fit))) {
      commands.put("vllm", vllm(model, fit, context));
    }
    return commands;
  }

  private static boolean isEven(Fit fit) {
    return Integer.bitCount(fit.gpus()) == 1;
  }

  private static String llamaCpp(String gguf, Fit fit, int context) {
    String which = fit.quantization() == Quantization.MXFP4 ? "" : ":" + fit.quantization().name();
    int layers =
        switch (fit.placement()) {
          case GPU -> 99;
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
    return "vllm serve %s --max-model-len %d%s%s --port 8001"
        .formatted(
            model.huggingFace(),
            context,
            fit.gpus() > 1 ? " --tensor-parallel-size " + fit.gpus() : "",
            fit.quantization() == Quantization.FP8 ? " --quantization fp8" : "");
  }
}
