FROM tiny
COPY page /page
EXPOSE 80
CMD ["httpd", "-f", "-p", "80", "-h", "/page"]
