package io.iir.classify.encoder.onnx;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/**
 * Softmax regression's scores of an embedding: for each category a bias and a weight for each of
 * the embedding's numbers. Its file: a mark, the number of categories, the number of weights of
 * each, the first stage's weight, the floats, and the SHA-256 of all that.
 */
public final class Head {

  private static final int MARK = 0x49495248;
  private static final int CHECKSUM = 32;

  private final int size;
  private final float firstWeight;
  private final float[][] weights;

  /**
   * A head.
   *
   * @param firstWeight how much the first stage's scores count beside this one's
   * @param weights for each category its weights, and then its bias
   */
  public Head(float firstWeight, float[][] weights) {
    this.firstWeight = firstWeight;
    this.weights = weights;
    this.size = weights[0].length - 1;
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
      float firstWeight = in.readFloat();
      for (float[] row : weights) {
        for (int i = 0; i < row.length; i++) {
          row[i] = in.readFloat();
        }
      }
      return new Head(firstWeight, weights);
    }
  }

  /** Writes what {@link #read} reads. */
  public void write(OutputStream file) throws IOException {
    ByteBuffer all = ByteBuffer.allocate(16 + 4 * weights.length * (size + 1));
    all.putInt(MARK).putInt(weights.length).putInt(size).putFloat(firstWeight);
    for (float[] row : weights) {
      for (float weight : row) {
        all.putFloat(weight);
      }
    }
    DataOutputStream out = new DataOutputStream(file);
    out.write(all.array());
    out.write(checksum(all.array(), all.capacity()));
    out.flush();
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
