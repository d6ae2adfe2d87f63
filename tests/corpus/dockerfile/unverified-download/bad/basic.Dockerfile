FROM debian:13
# expect
RUN curl -fsSLk https://files.example/a -o /a
# expect
RUN wget --no-check-certificate https://files.example/b
# expect
RUN apt-get update && apt-get install -y --allow-unauthenticated tool
# expect
ENV NODE_TLS_REJECT_UNAUTHORIZED=0
# expect
RUN pip install --trusted-host pypi.example shop
