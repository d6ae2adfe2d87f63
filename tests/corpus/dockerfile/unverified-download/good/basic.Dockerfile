FROM debian:13
RUN curl -fsSL --cacert /ca.pem https://files.example/a -o /a
RUN apt-get update && apt-get install -y tool
ENV NODE_TLS_REJECT_UNAUTHORIZED=1
RUN curl -o /k https://files.example/k
