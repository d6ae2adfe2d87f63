FROM debian:13
RUN apt-get update && \
# expect
    curl -fsSL https://get.example/install.sh | bash -s -- --yes
# expect
RUN sh -c "$(wget -qO- https://get.example/x)"
