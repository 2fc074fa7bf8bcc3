package io.iir.house;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noFields;
import static com.tngtech.archunit.library.GeneralCodingRules.ACCESS_STANDARD_STREAMS;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ArchRule;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;

/** The laws of the code, one rule each. */
@AnalyzeClasses(packages = "io.iir", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

  private static final int LONGEST = 300;
  private static final String REASON = "Longer than 300 lines because";

  @ArchTest
  static final ArchRule only_the_flow_its_rules_and_administration_know_camel =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.iir.flow..", "io.iir.rules..", "io.iir.admin..", "io.iir.management..")
          .and()
          .haveSimpleNameNotEndingWith("Route")
          .and()
          .doNotHaveSimpleName("IirApplication")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.camel..");

  @ArchTest
  static final ArchRule concepts_do_not_know_the_flow =
      noClasses()
          .that()
          .resideOutsideOfPackages(
              "io.iir.flow..",
              "io.iir.rules..",
              "io.iir.admin..",
              "io.iir.management..",
              "io.iir.cli..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage("io.iir.flow..", "io.iir.rules..", "io.iir.admin..");

  @ArchTest
  static final ArchRule only_the_entry_point_knows_the_command_line =
      noClasses()
          .that()
          .resideOutsideOfPackage("io.iir.cli..")
          .and()
          .doNotHaveSimpleName("IirApplication")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.iir.cli..");

  @ArchTest
  static final ArchRule the_flow_does_not_know_administration =
      noClasses()
          .that()
          .resideInAPackage("io.iir.flow..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage("io.iir.admin..");

  @ArchTest
  static final ArchRule openai_knows_no_other_package =
      noClasses()
          .that()
          .resideInAPackage("io.iir.openai..")
          .should()
          .dependOnClassesThat(
              resideInAPackage("io.iir..").and(resideOutsideOfPackage("io.iir.openai..")));

  @ArchTest
  static final ArchRule packages_depend_on_each_other_one_way =
      slices().matching("io.iir.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule packages_are_named_by_concept =
      noClasses()
          .should()
          .resideInAnyPackage("..util..", "..common..", "..service..", "..impl..", "..manager..");

  @ArchTest
  static final ArchRule only_the_start_banner_prints =
      noClasses().that().doNotHaveSimpleName("StartBanner").should(ACCESS_STANDARD_STREAMS);

  @ArchTest
  static final ArchRule packages_say_what_may_be_null =
      classes().should(resideInANullMarkedPackage());

  @ArchTest
  static final ArchRule a_missing_value_is_null_and_not_an_optional_field =
      noFields().should().haveRawType(Optional.class);

  @Test
  void classesAreShortOrSayWhyNot() throws IOException {
    List<Path> sources;
    try (Stream<Path> files = Files.walk(Path.of("src/main/java"))) {
      sources = files.filter(file -> file.toString().endsWith(".java")).toList();
    }
    assertThat(sources)
        .allSatisfy(source -> {
          String text = Files.readString(source);
          assertThat(text.lines().count() <= LONGEST || text.contains(REASON))
              .as("has at most %d lines, or '%s …' at its top", LONGEST, REASON)
              .isTrue();
        });
  }

  private static ArchCondition<JavaClass> resideInANullMarkedPackage() {
    return new ArchCondition<>("reside in a package that is @NullMarked") {
      @Override
      public void check(JavaClass item, ConditionEvents events) {
        boolean marked = item.getPackage().isAnnotatedWith(NullMarked.class);
        events.add(
            new SimpleConditionEvent(
                item, marked, item.getPackageName() + " is not @NullMarked in package-info.java"));
      }
    };
  }
}
