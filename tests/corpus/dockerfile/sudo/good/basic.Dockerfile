FROM debian:13
RUN apt-get update && apt-get install -y gosu libsudoku1
