package io.iir.recommend;

/**
 * How weights are kept, from the most exact to the smallest.
 *
 * <p>Bits a weight are those of llama.cpp's own files, as its <a
 * href="https://github.com/ggml-org/llama.cpp/blob/master/tools/quantize/README.md">quantize
 * README</a> lists them. What a quantization costs is a quarter of the relative rise of the
 * perplexity of LLaMA 3 70B that <a
 * href="https://github.com/ggml-org/llama.cpp/pull/6745#issuecomment-2093892514">dranger003
 * measured</a> (Q8_0 0.03%, Q6_K 0.47%, Q5_K_M 1.23%, Q4_K_M 4.83%, Q3_K_M 18.75%); the quarter is
 * a choice of ours, because accuracy falls more slowly than perplexity rises. FP8 costs nothing
 * that can be measured: <a href="https://arxiv.org/abs/2411.02355">Kurtić et al. 2024</a>.
 */
enum Quantization {
  /** Sixteen bits, as it was trained; vLLM serves it. */
  BF16(16, 0, Server.VLLM),
  /** Eight bits of floating point, which newer GPUs compute with; vLLM makes it while loading. */
  FP8(8, 0, Server.VLLM),
  Q8_0(8.5, 0.0001, Server.LLAMA_CPP),
  Q6_K(6.56, 0.0012, Server.LLAMA_CPP),
  Q5_K_M(5.7, 0.0031, Server.LLAMA_CPP),
  Q4_K_M(4.85, 0.0121, Server.LLAMA_CPP),
  Q3_K_M(3.9, 0.0469, Server.LLAMA_CPP),
  /** Four bits of floating point, as gpt-oss was trained; 4.25 for experts, more for the rest. */
  MXFP4(4.5, 0, Server.LLAMA_CPP);

  /** What runs such weights. */
  enum Server {
    /** llama.cpp, and Ollama, which is built on it. */
    LLAMA_CPP,
    /** vLLM, on GPUs alone. */
    VLLM
  }

  private final double bits;
  private final double loss;
  private final Server server;

  Quantization(double bits, double loss, Server server) {
    this.bits = bits;
    this.loss = loss;
    this.server = server;
  }

  /** Bytes that so many weights take. */
  double bytes(double weights) {
    return weights * bits / 8;
  }

  /** What is left of {@code quality}. */
  double left(double quality) {
    return quality * (1 - loss);
  }

  Server server() {
    return server;
  }
}
