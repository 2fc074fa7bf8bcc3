package io.iir.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The files that servers leave behind: a record of each process, and what it prints. Named by model
 * and port, which no two that run share, whichever gateway has started them.
 *
 * @param folder where they are
 */
record Traces(Path folder) {

  private static final Logger LOG = LoggerFactory.getLogger(Traces.class);
  private static final String RECORD = ".json";
  private static final String OUTPUT = ".log";

  /** A name for files, different for each id. */
  static String name(String id) {
    return id.substring(id.indexOf('/') + 1).replaceAll("[^A-Za-z0-9._-]", "_")
        + "-"
        + digest(id).substring(0, 8);
  }

  /** The file of the record of a server of {@code id} on {@code port}. */
  Path record(String id, int port) {
    return folder.resolve(name(id) + "-" + port + RECORD);
  }

  /** The file that it prints to. */
  Path output(String id, int port) {
    return folder.resolve(name(id) + "-" + port + OUTPUT);
  }

  /** The records of servers of {@code id} that no other gateway looks after. */
  List<ChildRecord> of(String id) {
    return all().stream().filter(known -> known.id().equals(id)).toList();
  }

  private List<ChildRecord> all() {
    List<ChildRecord> all = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + RECORD)) {
      for (Path file : files) {
        ChildRecord known = ChildRecord.read(file);
        if (known != null && !known.isOwned()) {
          all.add(known);
        }
      }
    } catch (IOException e) {
      LOG.warn(
          "servers that were left behind cannot be looked for in {}: {}", folder, e.toString());
    }
    return all;
  }

  /** Forgets the server of {@code id} on {@code port}; what it printed stays to be read. */
  void forget(String id, int port) {
    try {
      Files.deleteIfExists(record(id, port));
    } catch (IOException e) {
      LOG.debug("{} stays, and will be seen to be of no process", record(id, port), e);
    }
  }

  /** Ends the servers of models that are not among {@code ids}, and drops what is of no server. */
  void tidy(List<String> ids) throws InterruptedException {
    for (ChildRecord known : all()) {
      Optional<ProcessHandle> process = known.process();
      if (process.isPresent() && ids.contains(known.id())) {
        continue;
      }
      if (process.isPresent()) {
        LOG.info("{} is not configured: process {} is stopped", known.id(), known.pid());
        RunningProcess.stop(process.get());
      }
      forget(known.id(), known.port());
    }
    dropOutput("*");
  }

  /** Drops what servers of {@code id} have printed that run no more. */
  void dropOutputOf(String id) {
    dropOutput(name(id) + "-*");
  }

  private void dropOutput(String names) {
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names + OUTPUT)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String record = name.substring(0, name.length() - OUTPUT.length()) + RECORD;
        if (Files.notExists(folder.resolve(record))) {
          Files.deleteIfExists(file);
        }
      }
    } catch (IOException e) {
      LOG.warn("old output cannot be dropped in {}: {}", folder, e.toString());
    }
  }

  /** The SHA-256 of {@code text}, in hex. */
  static String digest(String text) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
