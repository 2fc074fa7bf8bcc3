package io.iir.store;

import io.iir.config.StartException;
import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/**
 * The directory in which the gateway keeps what must outlive it; it exists and can be written.
 *
 * @param path absolute
 */
public record DataDirectory(Path path) {

  private static final String HOME = "~/";

  /**
   * Opens the directory named {@code location}, creating it (for its owner alone) if need be.
   *
   * @param location a path; a leading {@code ~/} is the user's home
   * @throws StartException if it cannot be created or written
   */
  public static DataDirectory open(String location) {
    Path path =
        location.startsWith(HOME)
            ? Path.of(System.getProperty("user.home"), location.substring(HOME.length()))
            : Path.of(location);
    path = path.toAbsolutePath().normalize();
    try {
      Files.createDirectories(path, ownerOnly("rwx------"));
      Files.delete(Files.createTempFile(path, ".write", ".probe"));
    } catch (IOException e) {
      throw new StartException(
          "The data directory %s cannot be created or written: %s.".formatted(path, reason(e)),
          "Make it writable for the user that runs the gateway, or name another in IIR_DATA_DIR.",
          e);
    }
    return new DataDirectory(path);
  }

  /**
   * The file {@code name} in this directory, created empty (for its owner alone) if need be.
   *
   * @throws IOException if it is not there and cannot be created
   */
  public Path file(String name) throws IOException {
    Path file = path.resolve(name);
    if (Files.notExists(file)) {
      Files.createFile(file, ownerOnly("rw-------"));
    }
    return file;
  }

  /**
   * The directory {@code name} in this one, created (for its owner alone) if need be.
   *
   * @throws IOException if it is not there and cannot be created
   */
  public Path directory(String name) throws IOException {
    return Files.createDirectories(path.resolve(name), ownerOnly("rwx------"));
  }

  private static FileAttribute<?>[] ownerOnly(String permissions) {
    return FileSystems.getDefault().supportedFileAttributeViews().contains("posix")
        ? new FileAttribute<?>[] {
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions))
        }
        : new FileAttribute<?>[0];
  }

  private static String reason(IOException e) {
    return e.getClass().getSimpleName().replace("Exception", "") + " (" + e.getMessage() + ")";
  }
}
