# check=skip=all
# escape=`
FROM	debian:13
RUN dir C:\
user	app
CMD ["app"]
