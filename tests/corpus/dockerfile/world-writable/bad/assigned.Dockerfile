FROM alpine:3.22
# expect
RUN chmod -R ugo=rwx /srv
# expect
RUN chmod o=rw /etc/app.conf
USER app
