FROM debian:13
RUN chmod 0755 /usr/bin/tool && chmod 2750 /srv/shared && setcap cap_net_bind_service=+ep /usr/bin/tool
