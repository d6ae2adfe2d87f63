FROM debian:13
RUN chmod 1777 /tmp && chmod -R 755 /app && chmod u+w,g+w /app/log && chmod +x /app/run
COPY --chmod=0644 app.conf /etc/app.conf
