# Sourced by benchmarks that JMH runs, after setup.sh: fetches JMH, compiles bench/jmh (or its folder $BENCH_PROFILE), and defines jmh BENCHMARK [OPTION…].
# With SKIP_BUILD=true it takes JMH from MAVEN_REPOSITORY (~/.m2/repository) without asking Maven, if it is there.
build
JMH_VERSION=1.37
repository=${MAVEN_REPOSITORY:-$HOME/.m2/repository}
if [ "${SKIP_BUILD:-}" != true ] || [ ! -d "$repository/org/openjdk/jmh/jmh-generator-annprocess/$JMH_VERSION" ]; then
  for artifact in jmh-core jmh-generator-annprocess; do
    (cd "$ROOT" && ./mvnw -B -q dependency:get -Dartifact=org.openjdk.jmh:$artifact:$JMH_VERSION)
  done
  repository=$(cd "$ROOT" && ./mvnw -B -q help:evaluate -Dexpression=settings.localRepository -DforceStdout)
fi
jar() { echo "$repository/$1"; }
JMH=$(jar org/openjdk/jmh/jmh-core/$JMH_VERSION/jmh-core-$JMH_VERSION.jar)
JMH+=:$(jar org/openjdk/jmh/jmh-generator-annprocess/$JMH_VERSION/jmh-generator-annprocess-$JMH_VERSION.jar)
JMH+=:$(find "$repository/net/sf/jopt-simple" "$repository/org/apache/commons/commons-math3" -name '*.jar' | tr '\n' ':')
CLASSES="$BUILT/classes:$(cat "$CLASSPATH_FILE"):$JMH"
mkdir -p "$WORK/jmh"
"$(dirname "$JAVA")/javac" -proc:full -cp "$CLASSES" -d "$WORK/jmh" "$BENCH/jmh${BENCH_PROFILE:+/$BENCH_PROFILE}"/*.java

jmh() {
  cd "$ROOT"
  "$JAVA" --enable-native-access=ALL-UNNAMED --sun-misc-unsafe-memory-access=allow -cp "$WORK/jmh:$CLASSES" \
    org.openjdk.jmh.Main "$1" -jvmArgs "-XX:+UseParallelGC --enable-native-access=ALL-UNNAMED \
    --sun-misc-unsafe-memory-access=allow" -prof gc "${@:2}" |
    tee "$WORK/jmh.log" | grep -E "^(Benchmark|$1)" | grep -vE 'gc.(count|time|alloc.rate )'
}
