package io.iir;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import org.junit.jupiter.api.Test;
import org.springframework.stereotype.Component;

class IirApplicationTest {

  @Test
  void listsAllConfigurationsAndComponents() {
    assertThat(IirApplication.parts())
        .containsExactlyInAnyOrderElementsOf(
            new ClassFileImporter()
                .withImportOption(new DoNotIncludeTests()).importPackages("io.iir").stream()
                    .filter(each -> each.isMetaAnnotatedWith(Component.class))
                    .filter(each -> !each.isAssignableTo(IirApplication.class))
                    .map(JavaClass::getName)
                    .toList());
  }
}
