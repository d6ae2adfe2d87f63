FROM debian:13
# expect
RUN chmod u+s /usr/bin/tool
# expect
RUN chmod 4755 /usr/bin/other
