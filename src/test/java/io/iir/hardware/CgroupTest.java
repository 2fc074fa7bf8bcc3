package io.iir.hardware;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupTest {

  @Test
  void findsNoLimitWhereNoneIsSet() {
    Cgroup cgroup = new Cgroup(Recorded.root("laptop"));
    assertThat(cgroup.memory()).isNull();
    assertThat(cgroup.cpus()).isNull();
  }

  @Test
  void readsVersionTwo() {
    Cgroup cgroup = new Cgroup(Recorded.root("server"));
    assertThat(cgroup.memory()).isEqualTo(new Cgroup.Bytes(64L << 30, 10L << 30));
    assertThat(cgroup.cpus()).isEqualTo(16.0);
  }

  @Test
  void readsVersionOneWhoseGroupIsAtTheMountPoint() {
    Cgroup cgroup = new Cgroup(Recorded.root("arm-server"));
    assertThat(cgroup.memory()).isEqualTo(new Cgroup.Bytes(8L << 30, 2L << 30));
    assertThat(cgroup.cpus()).isEqualTo(2.5);
  }

  @Test
  void heedsTheGroupsAbove() {
    Cgroup cgroup = new Cgroup(Recorded.root("nested"));
    assertThat(cgroup.memory())
        .as("6 GB of its own, but 1 GB is left to the pod")
        .isEqualTo(new Cgroup.Bytes(6_000_000_000L, 5_000_000_000L));
    assertThat(cgroup.cpus()).isEqualTo(4.0);
  }

  @Test
  void findsTheMemoryControllerOfAHybrid(@TempDir Path root) throws IOException {
    write(root, "proc/self/cgroup", "4:memory:/a/b\n1:cpu:/\n0::/\n");
    write(root, "sys/fs/cgroup/unified/cgroup.procs", "1\n");
    write(root, "sys/fs/cgroup/memory/memory.limit_in_bytes", "9223372036854771712\n");
    write(root, "sys/fs/cgroup/memory/memory.usage_in_bytes", "5000\n");
    write(root, "sys/fs/cgroup/memory/a/b/memory.limit_in_bytes", "4096000\n");
    write(root, "sys/fs/cgroup/memory/a/b/memory.usage_in_bytes", "96000\n");
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_quota_us", "-1\n");
    write(root, "sys/fs/cgroup/cpu/cpu.cfs_period_us", "100000\n");
    Cgroup cgroup = new Cgroup(root);
    assertThat(cgroup.memory()).isEqualTo(new Cgroup.Bytes(4_096_000, 96_000));
    assertThat(cgroup.cpus()).isNull();
  }

  @Test
  void findsNothingOnOtherSystems(@TempDir Path root) {
    assertThat(new Cgroup(root).memory()).isNull();
    assertThat(new Cgroup(root).cpus()).isNull();
  }

  @Test
  void doesNotLeaveTheMountPoint(@TempDir Path root) throws IOException {
    write(root, "proc/self/cgroup", "0::/../../../outside\n");
    write(root, "sys/fs/cgroup/cgroup.procs", "1\n");
    write(root, "outside/memory.max", "1\n");
    write(root, "outside/memory.current", "1\n");
    assertThat(new Cgroup(root).memory()).isNull();
  }

  private static void write(Path root, String file, String text) throws IOException {
    Path path = root.resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }
}
