FROM debian:13
RUN apt-get update && apt-get install -y curl \
# expect
    sudo
# expect
RUN echo 'app ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/app
