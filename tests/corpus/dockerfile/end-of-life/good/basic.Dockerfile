FROM python:3.14-slim AS build
FROM node:24-alpine AS web
FROM debian:trixie-slim AS tools
FROM ubuntu:24.04 AS u
FROM example/python:3.8 AS own
FROM golang:1
