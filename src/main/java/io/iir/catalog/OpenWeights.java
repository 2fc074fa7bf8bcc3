package io.iir.catalog;

import org.jspecify.annotations.Nullable;

/**
 * How a model with open weights is built, as its {@code config.json} says: what its memory and
 * speed follow from.
 *
 * @param parameters all of them
 * @param activeParameters those that one token passes through; fewer in a mixture of experts
 * @param layers transformer blocks
 * @param attentionLayers those of them that keep keys and values of all tokens; fewer where some
 *     look back only so far, or are recurrent
 * @param kvHeads heads of keys and values in a layer
 * @param headDimension numbers in a key, and in a value
 * @param slidingWindow tokens that the other layers keep; null: they keep none
 * @param huggingFace the repository of its weights
 * @param gguf a repository of its weights as GGUF; null: none is known
 * @param ollama its name in Ollama's library; null: it is not there
 */
public record OpenWeights(
    long parameters,
    long activeParameters,
    int layers,
    int attentionLayers,
    int kvHeads,
    int headDimension,
    @Nullable Integer slidingWindow,
    String huggingFace,
    @Nullable String gguf,
    @Nullable String ollama) {}
