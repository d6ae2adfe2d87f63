FROM debian:13
ADD --checksum=sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 https://get.example/i.sh /tmp/i.sh
RUN sh /tmp/i.sh && curl -fsS https://get.example/list | sort > /list
