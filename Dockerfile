# syntax=docker/dockerfile:1
# The gateway as an image: built by its own Maven wrapper, run by a JRE as a user without rights.
#   docker build -t iir . && docker run -p 127.0.0.1:8000:8000 -v iir-data:/data iir
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY .mvn .mvn
COPY mvnw pom.xml ./
COPY routes routes
COPY src src
RUN --mount=type=cache,target=/root/.m2 ./mvnw -B -ntp -Dmaven.test.skip=true package

FROM eclipse-temurin:25-jre
RUN groupadd --system --gid 10001 iir \
 && useradd --system --uid 10001 --gid iir --home-dir /data --shell /usr/sbin/nologin iir \
 && install -d -o iir -g iir -m 700 /data
WORKDIR /opt/iir
COPY --from=build /src/target/iir.jar iir.jar
# The operator's files, where there are any: /opt/iir/config/iir.yaml and /opt/iir/routes/*.camel.yaml.
ENV IIR_DATA_DIR=/data IIR_PORT=8000
USER 10001:10001
VOLUME /data
EXPOSE 8000
# Ready, not only alive: a gateway that stops, or whose routes do not run yet, takes no requests. By TLS where it has it.
HEALTHCHECK --interval=5s --timeout=3s --start-period=60s --retries=3 CMD ["bash", "-c", \
  "ask() { printf 'GET /health/ready HTTP/1.0\\r\\n\\r\\n'; }; ok() { head -1 | grep -aq ' 200 '; }; \
  (exec 3<>/dev/tcp/127.0.0.1/$IIR_PORT && ask >&3 && ok <&3) || ask | openssl s_client -quiet -connect 127.0.0.1:$IIR_PORT 2>/dev/null | ok"]
# The flags of pom.xml (jvm.flags); more of them go into the variable JAVA_TOOL_OPTIONS.
ENTRYPOINT ["java", "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow", \
  "-XX:+UseParallelGC", "-XX:MaxRAMPercentage=60", "-jar", "iir.jar"]
