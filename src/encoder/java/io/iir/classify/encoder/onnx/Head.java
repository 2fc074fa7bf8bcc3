package io.iir.classify.encoder.onnx;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Softmax regression's scores of an embedding: for each category a bias and a weight for each of
 * the embedding's numbers. Its file: a mark, the number of categories, the number of weights of
 * each, the first stage's version and weight, the floats, and the SHA-256 of all that.
 */
public final class Head {

  private static final int MARK = 0x49495249;
  private static final int CHECKSUM = 32;

  private final int size;
  private final String first;
  private final float firstWeight;
  private final float[][] weights;

  /**
   * A head.
   *
   * @param first the version of the first stage that it was fitted beside
   * @param firstWeight how much the first stage's scores count beside this one's
   * @param weights for each category its weights, and then its bias
   */
  public Head(String first, float firstWeight, float[][] weights) {
    this.first = first;
    this.firstWeight = firstWeight;
    this.weights = weights;
    this.size = weights[0].length - 1;
  }

  /** The version of the first stage that it was fitted beside. */
  String first() {
    return first;
  }

  /** How much the first stage's scores count beside this one's. */
  float firstWeight() {
    return firstWeight;
  }

  /** What speaks for each category. */
  public double[] scores(float[] embedding) {
    double[] scores = new double[weights.length];
    for (int c = 0; c < scores.length; c++) {
      float[] row = weights[c];
      double sum = row[size];
      for (int i = 0; i < size; i++) {
        sum += row[i] * embedding[i];
      }
      scores[c] = sum;
    }
    return scores;
  }

  /**
   * Reads a head's file.
   *
   * @throws IOException if it is not one, or is damaged
   */
  static Head read(InputStream file, int categories) throws IOException {
    byte[] all = file.readAllBytes();
    int end = all.length - CHECKSUM;
    if (end <= 0 || !Arrays.equals(checksum(all, end), Arrays.copyOfRange(all, end, all.length))) {
      throw new IOException("the encoder's head is damaged: its checksum is wrong");
    }
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(all, 0, end))) {
      if (in.readInt() != MARK || in.readInt() != categories) {
        throw new IOException("the encoder's head is of another version of the gateway");
      }
      float[][] weights = new float[categories][in.readInt() + 1];
      String first = in.readUTF();
      float firstWeight = in.readFloat();
      for (float[] row : weights) {
        for (int i = 0; i < row.length; i++) {
          row[i] = in.readFloat();
        }
      }
      return new Head(first, firstWeight, weights);
    }
  }

  /** Writes what {@link #read} reads. */
  public void write(OutputStream file) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(all);
    out.writeInt(MARK);
    out.writeInt(weights.length);
    out.writeInt(size);
    out.writeUTF(first);
    out.writeFloat(firstWeight);
    for (float[] row : weights) {
      for (float weight : row) {
        out.writeFloat(weight);
      }
    }
    out.write(checksum(all.toByteArray(), all.size()));
    all.writeTo(file);
  }

  private static byte[] checksum(byte[] all, int length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      digest.update(all, 0, length);
      return digest.digest();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // each JDK has it
    }
  }
}
