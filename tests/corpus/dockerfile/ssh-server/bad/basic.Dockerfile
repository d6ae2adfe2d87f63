FROM debian:13
# expect
RUN apt-get update && apt-get install -y openssh-server
