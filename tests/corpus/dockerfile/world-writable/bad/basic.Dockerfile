FROM debian:13
# expect
RUN chmod -R 777 /app
RUN mkdir /data && \
# expect
    chmod a+rw /data
# expect
COPY --chmod=0666 app.conf /etc/app.conf
