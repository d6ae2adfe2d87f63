FROM alpine:3.22
USER app
RUN true
# expect
USER root
ENTRYPOINT ["/app"]
