FROM debian:13
# expect
EXPOSE 8080
CMD ["/app"]
