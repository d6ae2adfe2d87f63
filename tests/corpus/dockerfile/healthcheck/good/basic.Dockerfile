FROM debian:13
EXPOSE 8080
HEALTHCHECK --interval=10s CMD ["/app", "health"]
CMD ["/app"]
