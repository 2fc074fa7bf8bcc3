package io.iir.jmx;

import java.util.Arrays;
import java.util.List;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;
import javax.management.MBeanOperationInfo;
import javax.management.StandardMBean;
import org.jspecify.annotations.Nullable;

/** An MXBean with the descriptions that its interface has by {@link About}. Thread-safe. */
final class DescribedBean extends StandardMBean {

  private final Class<?> shown;

  /** Shows {@code view} as {@code shown}, an MXBean's interface. */
  <T> DescribedBean(T view, Class<T> shown) {
    super(view, shown, true);
    this.shown = shown;
  }

  @Override
  protected String getDescription(MBeanInfo info) {
    About about = shown.getAnnotation(About.class);
    return about == null ? super.getDescription(info) : about.value();
  }

  @Override
  protected String getDescription(MBeanAttributeInfo info) {
    String about = about(List.of("get" + info.getName(), "is" + info.getName()));
    return about == null ? super.getDescription(info) : about;
  }

  @Override
  protected String getDescription(MBeanOperationInfo info) {
    String about = about(List.of(info.getName()));
    return about == null ? super.getDescription(info) : about;
  }

  private @Nullable String about(List<String> methods) {
    return Arrays.stream(shown.getMethods())
        .filter(method -> methods.contains(method.getName()))
        .map(method -> method.getAnnotation(About.class))
        .filter(about -> about != null)
        .map(About::value)
        .findFirst()
        .orElse(null);
  }
}
