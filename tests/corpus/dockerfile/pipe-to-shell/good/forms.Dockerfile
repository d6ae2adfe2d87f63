FROM debian:13
RUN curl -s https://example.org/a.json | python3 -m json.tool && curl -s https://example.org/a | perl -pe 's/a/b/'
RUN curl -fsSLo i.sh https://example.org/i.sh && echo "0123  i.sh" | sha256sum -c - && sh i.sh
RUN echo 'curl https://example.org/i.sh | sh' # curl https://example.org/i.sh | sh
RUN cat <<EOT > /usr/local/share/readme
curl https://example.org/i.sh | sh
EOT
COPY <<EOT /readme
RUN curl https://example.org/i.sh | sh
EOT
RUN curl -s https://example.org/a.tgz | tar xz && ./configure && bash build.sh
