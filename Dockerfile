# The gateway as an image: built by its own Maven wrapper, run by a JRE that holds what it needs, as a user without
# rights, on a file system that may be read-only but for /data and /tmp. docs/DEPLOYMENT.md.
#   docker build -t iir . && docker run --read-only --tmpfs /tmp:exec -p 127.0.0.1:8000:8000 -v iir-data:/data iir

FROM eclipse-temurin:25.0.4_7-jdk-noble AS build
WORKDIR /src
# A layer of all that Maven downloads, made anew only when pom.xml changes: the build of nothing asks for the same.
COPY .mvn .mvn
COPY mvnw pom.xml ./
RUN ./mvnw -B -ntp -Dmaven.test.skip=true package && rm -rf target
COPY routes routes
COPY src src
RUN ./mvnw -B -ntp -Dmaven.test.skip=true package \
 && java -Djarmode=tools -jar target/iir.jar extract --layers --destination /layers

# The modules that `jdeps --print-module-deps` names for the jar and its libraries, and jdk.jcmd, to look into a
# gateway that runs: jcmd 1 Thread.print.
FROM eclipse-temurin:25.0.4_7-jdk-noble AS jre
RUN jlink --no-header-files --no-man-pages --output /opt/java --add-modules \
java.base,java.compiler,java.desktop,java.instrument,java.net.http,java.prefs,java.rmi,java.scripting,\
java.security.jgss,java.sql.rowset,jdk.jcmd,jdk.jfr,jdk.management,jdk.net,jdk.unsupported

FROM debian:13.6-slim AS runtime
# openssl is for the health check of a gateway that speaks TLS; in the version that Debian has mended last.
# hadolint ignore=DL3008
RUN apt-get update \
 && apt-get install -y --no-install-recommends openssl \
 && rm -rf /var/lib/apt/lists/* \
 && groupadd --system --gid 10001 iir \
 && useradd --system --uid 10001 --gid iir --home-dir /data --shell /usr/sbin/nologin iir \
 && install -d -o iir -g iir -m 700 /data
ENV JAVA_HOME=/opt/java PATH=/opt/java/bin:$PATH LANG=C.UTF-8
COPY --from=jre /opt/java /opt/java
WORKDIR /opt/iir
# What changes seldom comes first.
COPY --from=build /layers/dependencies/ ./
COPY --from=build /layers/snapshot-dependencies/ ./
COPY --from=build /layers/spring-boot-loader/ ./
COPY --from=build /layers/application/ ./
COPY deploy/jvm.options ./
COPY --chmod=755 deploy/health.sh /usr/local/bin/iir-health

# A gateway starts, is asked, and stops: what its JVM learnt makes the next start quick. It has no secret and no state.
FROM runtime AS aot
COPY --chmod=755 deploy/aot-cache.sh ./
RUN ./aot-cache.sh /opt/iir

FROM runtime
ARG VERSION=local
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Intelligent Inference Router" \
      org.opencontainers.image.description="An OpenAI-compatible AI gateway whose flow is a set of Apache Camel routes" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.base.name="docker.io/library/debian:13.6-slim"
COPY --from=aot /opt/iir/iir.aot ./
# The operator's files, where there are any: /opt/iir/config/iir.yaml and /opt/iir/routes/*.camel.yaml.
ENV IIR_DATA_DIR=/data IIR_PORT=8000
USER 10001:10001
VOLUME /data
# The API, and the console where iir.management.address lets it out of the container.
EXPOSE 8000 8001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=5s --timeout=4s --start-period=60s --retries=3 CMD ["iir-health"]
# The JVM itself is what gets SIGTERM. A cache that does not fit it is passed over. More flags: JAVA_TOOL_OPTIONS.
ENTRYPOINT ["java", "-XX:AOTCache=/opt/iir/iir.aot", "@/opt/iir/jvm.options", "-jar", "/opt/iir/iir.jar"]
