FROM debian:13
# expect
EXPOSE 20-22/tcp
ARG SSH=22
# expect
EXPOSE ${SSH}
