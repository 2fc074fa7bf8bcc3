package io.iir.hardware;

import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Which of a processor's features speed up models, by the names that llama.cpp knows them by.
 * Stateless.
 */
final class InstructionSets {

  private static final Pattern WORD = Pattern.compile("[^a-z0-9_]+");

  /** Each one, and how Linux, macOS and Windows spell it, in small letters. */
  private static final Map<String, Set<String>> SPELLINGS = new LinkedHashMap<>();

  static {
    for (String same :
        List.of(
            "avx512f",
            "avx512bw",
            "avx512vl",
            "avx512_vnni",
            "avx512_bf16",
            "avx512_fp16",
            "avx_vnni",
            "amx_tile",
            "amx_int8",
            "amx_bf16",
            "i8mm",
            "bf16",
            "sve2",
            "sve",
            "sme")) {
      SPELLINGS.put(same, Set.of(same));
    }
    SPELLINGS.put("avx", Set.of("avx", "avx1.0", "pf_avx_instructions_available"));
    SPELLINGS.put("avx2", Set.of("avx2", "pf_avx2_instructions_available"));
    SPELLINGS.put("fma", Set.of("fma"));
    SPELLINGS.put("f16c", Set.of("f16c"));
    SPELLINGS.put("avx512f", Set.of("avx512f", "pf_avx512f_instructions_available"));
    SPELLINGS.put("neon", Set.of("asimd", "neon", "advsimd", "pf_arm_neon_instructions_available"));
    SPELLINGS.put(
        "dotprod", Set.of("asimddp", "feat_dotprod", "pf_arm_v82_dp_instructions_available"));
    SPELLINGS.put("fp16", Set.of("asimdhp", "feat_fp16"));
    SPELLINGS.put("i8mm", Set.of("i8mm", "feat_i8mm"));
    SPELLINGS.put("bf16", Set.of("bf16", "feat_bf16"));
    SPELLINGS.put("sme", Set.of("sme", "feat_sme"));
  }

  private InstructionSets() {}

  /** Those among the words of {@code lines}, in the order of the alphabet. */
  static List<String> in(Collection<String> lines) {
    Set<String> words =
        lines.stream()
            .filter(line -> !line.strip().endsWith(": 0")) // macOS: a feature that is not there
            .flatMap(line -> WORD.splitAsStream(line.toLowerCase(Locale.ROOT)))
            .collect(Collectors.toSet());
    return SPELLINGS.entrySet().stream()
        .filter(entry -> entry.getValue().stream().anyMatch(words::contains))
        .map(Map.Entry::getKey)
        .sorted()
        .toList();
  }
}
