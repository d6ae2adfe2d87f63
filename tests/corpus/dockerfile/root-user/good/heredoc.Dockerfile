FROM debian:13
RUN echo $((1<<20)) '<<name' && cat <<<word && cat<<EOF
USER app
