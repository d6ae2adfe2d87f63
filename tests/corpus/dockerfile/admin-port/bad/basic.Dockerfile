FROM debian:13
# expect
EXPOSE 22 8080
# expect
EXPOSE 5678/tcp
