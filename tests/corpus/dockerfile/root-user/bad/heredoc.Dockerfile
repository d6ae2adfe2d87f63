# syntax=docker/dockerfile:1
# expect
FROM debian:13
COPY <<-\EOT /data.txt
USER app
	EOT
RUN cat <<A <<'B C'
USER app
A
USER app
B C
ONBUILD USER app
CMD ["app"]
