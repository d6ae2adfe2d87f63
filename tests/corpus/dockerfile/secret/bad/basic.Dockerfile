FROM debian:13
# expect
ENV APP_NAME=shop DB_PASSWORD=kite-Plum-42x
# expect
ARG API_TOKEN=q9Xk2LmPz81RtYv7
ARG NPM_TOKEN
# expect
RUN echo "//registry.example/:_authToken=${NPM_TOKEN}" > .npmrc && npm ci
RUN true && \
# expect
    curl -fsS -u deploy:kite-Plum-42x https://files.example/app.tgz -o /app.tgz
# expect
RUN echo 'root:kite-Plum-42x' | chpasswd
