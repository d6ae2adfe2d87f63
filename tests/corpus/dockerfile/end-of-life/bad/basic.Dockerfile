ARG VERSION=3.8
# expect
FROM python:${VERSION}-slim AS build
# expect
FROM node:16-alpine AS web
# expect
FROM debian:buster-slim AS tools
# expect
FROM docker.io/library/ubuntu:18.04
